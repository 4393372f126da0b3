//! The kinds of component: what each is by nature, in the words that rules and analyses ask with.

use std::fmt;

use super::{Facts, KIND_FACTS};

/// What a component is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A program in a user's hands: a browser, an app, a device.
    Client,
    /// A human being who does something with the system.
    Person,
    /// Another company's service.
    ThirdParty,
    /// Another team's service, inside.
    External,
    /// The directory that names are resolved with; asked, not passed through.
    Dns,
    /// A content delivery network.
    Cdn,
    /// Spreads requests over equal targets.
    LoadBalancer,
    /// Stands before servers and forwards to them.
    ReverseProxy,
    /// Stands before services and routes, authenticates and limits.
    ApiGateway,
    /// A program that serves requests.
    Service,
    /// A program that the platform runs on each call.
    Function,
    /// A program that works off a queue or a stream.
    Worker,
    /// Starts work by the clock.
    Scheduler,
    /// A copy of data that is kept near for speed.
    Cache,
    /// A database of any model.
    Database,
    /// Blobs under keys.
    ObjectStore,
    /// A shared file system.
    FileStore,
    /// An index for searching.
    SearchIndex,
    /// Messages, each for one consumer.
    Queue,
    /// Messages of which each consumer gets a copy.
    Stream,
    /// Who runs where: service discovery.
    Registry,
    /// Who somebody is: sign-on, tokens.
    Identity,
    /// Keys and passwords.
    Secrets,
    /// Settings read at start or at run time.
    Config,
    /// Metrics, logs, traces, alarms.
    Monitoring,
}

impl Kind {
    /// Every kind, in the order of declaration.
    pub const ALL: [Self; 25] = [
        Self::Client,
        Self::Person,
        Self::ThirdParty,
        Self::External,
        Self::Dns,
        Self::Cdn,
        Self::LoadBalancer,
        Self::ReverseProxy,
        Self::ApiGateway,
        Self::Service,
        Self::Function,
        Self::Worker,
        Self::Scheduler,
        Self::Cache,
        Self::Database,
        Self::ObjectStore,
        Self::FileStore,
        Self::SearchIndex,
        Self::Queue,
        Self::Stream,
        Self::Registry,
        Self::Identity,
        Self::Secrets,
        Self::Config,
        Self::Monitoring,
    ];

    /// The word of the language: `load_balancer`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Person => "person",
            Self::ThirdParty => "third_party",
            Self::External => "external",
            Self::Dns => "dns",
            Self::Cdn => "cdn",
            Self::LoadBalancer => "load_balancer",
            Self::ReverseProxy => "reverse_proxy",
            Self::ApiGateway => "api_gateway",
            Self::Service => "service",
            Self::Function => "function",
            Self::Worker => "worker",
            Self::Scheduler => "scheduler",
            Self::Cache => "cache",
            Self::Database => "database",
            Self::ObjectStore => "object_store",
            Self::FileStore => "file_store",
            Self::SearchIndex => "search_index",
            Self::Queue => "queue",
            Self::Stream => "stream",
            Self::Registry => "registry",
            Self::Identity => "identity",
            Self::Secrets => "secrets",
            Self::Config => "config",
            Self::Monitoring => "monitoring",
        }
    }

    /// As a sentence says it: `load balancer`.
    pub fn title(self) -> &'static str {
        match self {
            Self::ThirdParty => "third party",
            Self::External => "external service",
            Self::Dns => "DNS",
            Self::Cdn => "CDN",
            Self::LoadBalancer => "load balancer",
            Self::ReverseProxy => "reverse proxy",
            Self::ApiGateway => "API gateway",
            Self::ObjectStore => "object store",
            Self::FileStore => "file store",
            Self::SearchIndex => "search index",
            Self::Identity => "identity provider",
            Self::Secrets => "secrets store",
            Self::Config => "configuration store",
            _ => self.name(),
        }
    }

    /// What it is for, in a few words; a kind's name in them stands in backticks.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Client => {
                "a program in a user's hands: browser, app, device. It never fails, and stands outside"
            }
            Self::Person => "somebody who does something with the system",
            Self::ThirdParty => "another company's service, with its published availability",
            Self::External => "another team's service, inside",
            Self::Dns => {
                "the directory of names. It is asked, not passed through; one that nothing is linked to is asked by everybody outside"
            }
            Self::Cdn => "copies near the users, with a `hit_ratio`",
            Self::LoadBalancer => {
                "spreads requests over targets that are alike: targets of one kind are a pool"
            }
            Self::ReverseProxy => "stands before servers: its servers are routes, one for each request",
            Self::ApiGateway => "the same before services, with authentication and limits",
            Self::Service => "a program of yours that answers requests",
            Self::Function => "code that a platform runs on each call",
            Self::Worker => "works off a queue or stream",
            Self::Scheduler => {
                "starts work by the clock (`every = 1h`); its links say how much of it (`calls`)"
            }
            Self::Cache => "copies of data for speed: what it copies is `caches`",
            Self::Database => "a database of any model",
            Self::ObjectStore => "blobs under keys",
            Self::FileStore => "a shared file system",
            Self::SearchIndex => "an index for searching",
            Self::Queue => "messages, each for one consumer",
            Self::Stream => "messages of which every consumer gets a copy; a consumer's replicas share one",
            Self::Registry => "who runs where: service discovery",
            Self::Identity => "who somebody is: sign-on, tokens",
            Self::Secrets => "keys and passwords",
            Self::Config => "settings",
            Self::Monitoring => "metrics, logs, traces, alarms",
        }
    }

    /// The kind of this word, spelled exactly as the language spells it.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == word)
    }

    /// What the catalogue knows of the kind alone, without an engine.
    pub fn facts(self) -> &'static Facts {
        &KIND_FACTS[self as usize]
    }

    /// Outside of what the team builds, unless a network holds it.
    pub fn is_outside(self) -> bool {
        matches!(self, Self::Client | Self::Person | Self::ThirdParty)
    }

    /// Calls, and never fails: nobody waits for it.
    pub fn is_caller_only(self) -> bool {
        matches!(self, Self::Client | Self::Person)
    }

    /// Keeps data for good.
    pub fn is_store(self) -> bool {
        matches!(self, Self::Database | Self::ObjectStore | Self::FileStore | Self::SearchIndex)
    }

    /// Keeps data, if only for a while: the stores, caches, queues and streams.
    pub fn holds_data(self) -> bool {
        self.is_store() || self.is_queue() || self == Self::Cache
    }

    /// Takes messages and hands them on later: a queue or a stream.
    pub fn is_queue(self) -> bool {
        matches!(self, Self::Queue | Self::Stream)
    }

    /// Forwards requests: a balancer, proxy, gateway or CDN.
    pub fn is_proxy(self) -> bool {
        self == Self::LoadBalancer || self.is_router()
    }

    /// Its targets of one kind are a pool: any one of them serves.
    pub fn is_chooser(self) -> bool {
        matches!(self, Self::LoadBalancer | Self::Dns | Self::Registry)
    }

    /// Its targets that serve requests are routes: each request takes one, by what it asks for.
    pub fn is_router(self) -> bool {
        matches!(self, Self::ApiGateway | Self::ReverseProxy | Self::Cdn)
    }

    /// Runs the team's own code.
    pub fn is_compute(self) -> bool {
        matches!(self, Self::Service | Self::Function | Self::Worker | Self::Scheduler)
    }

    /// A lost replica is replaced by a new one at once, for it holds nothing that would have to be restored.
    pub fn is_stateless(self) -> bool {
        self.is_compute() || self.is_proxy() || matches!(self, Self::Dns | Self::External)
    }

    /// Is one replica or several of one's own: neither outside nor redundant by itself.
    pub fn is_run_by_us(self) -> bool {
        !self.is_outside() && !self.facts().managed
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.name())
    }
}
