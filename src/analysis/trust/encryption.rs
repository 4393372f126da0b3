//! Whether a link can be read on its way: what its protocols, properties and surroundings say.

use super::place::Place;
use super::{Ground, scoped};
use crate::catalogue::{self, Encryption as Nature, Kind};
use crate::model::{Architecture, Component, GroupKind, Link, Properties, Property, Replicas};
use crate::source::Span;
use crate::syntax::ast::Name;

/// Whether a link can be read on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Encryption {
    /// It is encrypted: by its protocol, `tls`, `mtls` or a mesh.
    Encrypted,
    /// The plain and the encrypted form of one protocol are both spoken, `https, http`: a redirect, most often.
    Both,
    /// It never leaves its machine.
    Local,
    /// It is stated to be in the clear.
    Plain,
    /// Nothing is said, and the provider of its target takes encrypted connections as it comes.
    Provided,
    /// Nothing is said.
    Unstated,
}

/// Protocols whose whole purpose is to wrap another.
const WRAPPERS: &[&str] = &["tls", "mtls", "dtls", "ipsec", "wireguard"];

/// Meshes that encrypt between their members unless they are told not to.
const ENCRYPTING_MESHES: &[&str] = &["istio", "linkerd", "consul", "cilium", "app_mesh", "kuma"];

/// What says that a link is in the clear.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlainStatement {
    /// The words, as they are written: `http`, `plaintext`, `tls = none`.
    pub words: String,
    /// Where they stand.
    pub span: Span,
}

/// What says that a link is in the clear, where it does.
pub fn plain_statement(architecture: &Architecture, link: &Link) -> PlainStatement {
    let plain = link.protocols.iter().find(|name| {
        catalogue::protocol(&name.text).is_some_and(|protocol| protocol.encryption == Nature::Never)
    });
    let target = architecture.component(link.target);
    let (words, span) = if let Some(span) = link.span(Property::Plaintext) {
        ("plaintext".to_owned(), span)
    } else if let Some(span) = link.properties.span(Property::Tls) {
        ("tls = none".to_owned(), span)
    } else if let Some(name) = plain {
        (name.text.to_string(), name.span)
    } else {
        ("tls = none".to_owned(), target.properties.span(Property::Tls).unwrap_or(link.span))
    };
    PlainStatement { words, span }
}

/// The plain protocols of a link, each with the encrypted one to speak instead.
pub fn secured(link: &Link) -> Vec<(&Name, &'static str)> {
    let secure = |name: &Name| {
        catalogue::protocol(&name.text).filter(|it| it.encryption == Nature::Never).and_then(|it| it.secure)
    };
    link.protocols.iter().filter_map(|name| Some((name, secure(name)?))).collect()
}

/// Whether a component hands on what reaches it encrypted: a proxy that TLS from elsewhere ends at.
pub(super) fn ends_tls(
    architecture: &Architecture,
    encryption: &[Encryption],
    component: &Component,
) -> bool {
    component.kind.is_proxy()
        && !component.is_absent(Property::TlsTermination)
        && (component.has(Property::TlsTermination)
            || architecture.links_to(component.id).any(|link| {
                matches!(encryption[link.id.0 as usize], Encryption::Encrypted | Encryption::Both)
            }))
}

/// Engines that are run by a provider and keep data in the clear unless they are told not to.
const KEEPS_PLAIN: &[&str] =
    &["rds_multi_az", "aurora", "documentdb", "neptune", "redshift", "amazon_opensearch", "efs"];

/// Whether a provider encrypts what a component keeps, unless it is told not to.
pub fn encrypts_at_rest_by_itself(component: &Component) -> bool {
    match component.engine() {
        Some(engine) => component.is_managed() && !KEEPS_PLAIN.contains(&engine.name),
        None => component.kind.facts().managed && component.is_managed(),
    }
}

pub(super) fn of(architecture: &Architecture, places: &[Place], link: &Link) -> Encryption {
    let (source, target) = architecture.ends(link);
    if is_local(architecture, source, target) {
        return Encryption::Local;
    }
    if let Some(stated) = by_property(link) {
        return stated;
    }
    if is_mutual(architecture, source) && is_mutual(architecture, target) {
        return Encryption::Encrypted;
    }
    if let Some(spoken) = by_protocol(link) {
        return spoken;
    }
    let is_from_outside = places[source.id.0 as usize].ground == Ground::Outside;
    match tls(&target.properties) {
        Some(true) => Encryption::Encrypted,
        Some(false) => Encryption::Plain,
        // What ends TLS for its callers is called by TLS.
        None if is_from_outside && target.has(Property::TlsTermination) => Encryption::Encrypted,
        // What takes messages from a queue is the one that connects.
        None if is_provided(target) || source.kind.is_queue() && is_provided(source) => Encryption::Provided,
        None => Encryption::Unstated,
    }
}

/// Whether both stand on one machine: in one `host`, or `on` one another.
fn is_local(architecture: &Architecture, source: &Component, target: &Component) -> bool {
    let machine = |component: &Component| architecture.enclosing(component.id, GroupKind::Host);
    if machine(source).is_some() && machine(source) == machine(target) {
        return true;
    }
    let host = match (source.host, target.host) {
        (Some(host), Some(other)) if host == other => host,
        (Some(host), _) if host == target.id => host,
        (_, Some(host)) if host == source.id => host,
        _ => return false,
    };
    // A cluster of several nodes, or a provider's platform, is not one machine.
    let host = architecture.component(host);
    !host.is_managed() && !matches!(host.replicas, Replicas::Stated { least: 2.., .. })
}

fn by_property(link: &Link) -> Option<Encryption> {
    if link.has(Property::Plaintext) {
        return Some(Encryption::Plain);
    }
    if link.has(Property::Mtls) || link.is(Property::Auth, "mtls") || link.is_absent(Property::Plaintext) {
        return Some(Encryption::Encrypted);
    }
    tls(&link.properties).map(|is_on| if is_on { Encryption::Encrypted } else { Encryption::Plain })
}

/// What `tls` says, where it says something.
fn tls(properties: &Properties) -> Option<bool> {
    if properties.is_absent(Property::Tls) {
        return Some(false);
    }
    match properties.word(Property::Tls) {
        Some("disable" | "disabled" | "off" | "no") => Some(false),
        // A connection that falls back to the clear is no statement.
        Some("optional" | "prefer" | "preferred" | "allow" | "opportunistic") => None,
        _ => properties.has(Property::Tls).then_some(true),
    }
}

/// Whether what a component says is encrypted on both sides of the conversation: `mtls`, or a mesh that does so.
fn is_mutual(architecture: &Architecture, component: &Component) -> bool {
    if component.kind.is_outside() {
        return false;
    }
    if let Some(mtls) = scoped(architecture, component, Property::Mtls) {
        return mtls.has;
    }
    let is_member = component.kind.is_compute() || component.kind.is_proxy();
    is_member
        && scoped(architecture, component, Property::Mesh).is_some_and(|mesh| {
            let words = mesh.properties.words(Property::Mesh);
            words.iter().any(|word| ENCRYPTING_MESHES.contains(&word.as_str()))
        })
}

fn by_protocol(link: &Link) -> Option<Encryption> {
    let protocols = || link.known_protocols();
    if protocols().any(|protocol| WRAPPERS.contains(&protocol.name)) {
        return Some(Encryption::Encrypted);
    }
    let mut plain = protocols().filter(|protocol| protocol.encryption == Nature::Never).peekable();
    if plain.peek().is_none() {
        // `https, graphql` is one conversation: a style over an encrypted protocol.
        let is_encrypted = protocols().any(|protocol| protocol.encryption == Nature::Always);
        return is_encrypted.then_some(Encryption::Encrypted);
    }
    let is_twin = plain
        .all(|protocol| protocol.secure.is_some_and(|secure| protocols().any(|other| other.name == secure)));
    Some(if is_twin { Encryption::Both } else { Encryption::Plain })
}

/// Engines that are run by a provider and yet take connections in the clear unless they are told not to.
const TAKES_PLAIN: &[&str] =
    &["rds_multi_az", "aurora", "cloud_sql_ha", "cloud_sql_enterprise_plus_ha", "alloydb", "redshift", "efs"];

/// Whether somebody else runs the target, whose public interfaces are encrypted as they come.
fn is_provided(target: &Component) -> bool {
    let Some(engine) = target.engine() else {
        return target.kind.facts().managed && target.is_managed() && target.kind.holds_data();
    };
    match target.kind {
        Kind::ThirdParty => true,
        // Caches are reached by their plain protocol unless encryption was asked for.
        Kind::Client | Kind::Person | Kind::Cache => false,
        kind if kind.is_compute() || kind.is_proxy() => false,
        _ => target.is_managed() && !TAKES_PLAIN.contains(&engine.name),
    }
}
