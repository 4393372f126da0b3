//! The rules: each a value, whole in one file of `rules/`.
//!
//! A new rule is its file and the two lines below that name it: `mod` and `RULES`.

mod assumption;
mod balancer_for_one;
mod batching_against_latency;
mod blobs_in_database;
mod broken_constraint;
mod bypassed_edge;
mod cache_as_source_of_truth;
mod cache_stampede;
mod cap_contradiction;
mod chatty_calls;
mod cold_cache_cascade;
mod content_routing_on_layer_4;
mod critical_third_party;
mod cross_region_call;
mod cross_shard_query;
mod data_residency;
mod data_to_third_party;
mod deploys_eat_the_budget;
mod distant_cache;
mod dropped_critical_data;
mod dual_write;
mod duplicate_link;
mod duplicate_name;
mod early_tls_termination;
mod even_quorum;
mod eventual_money;
mod excess_grants;
mod exhausted_connections;
mod exposed_queue;
mod fail_open_auth;
mod grpc_to_browser;
mod hot_shard;
mod idle_client;
mod idle_component;
mod idle_consumers;
mod impossible_value;
mod include_cycle;
mod include_not_found;
mod include_outside_root;
mod incomplete_model;
mod inconsistent_numbers;
mod inverted_timeouts;
mod lossy_broker;
mod lossy_failover;
mod lost_order;
mod manual_failover;
mod misplaced_property;
mod missed_latency;
mod missed_slo;
mod missing_audit_log;
mod missing_authentication;
mod missing_authorization;
mod missing_backup;
mod missing_cdn;
mod missing_circuit_breaker;
mod missing_dead_letter;
mod missing_discovery;
mod missing_eviction;
mod missing_full_policy;
mod missing_invalidation;
mod missing_rate_limit;
mod missing_saga;
mod missing_segmentation;
mod missing_service_authentication;
mod missing_shard_key;
mod missing_system;
mod missing_timeout;
mod missing_ttl;
mod near_limit;
mod needless_cache;
mod needless_cdn;
mod needless_graph_store;
mod needless_log;
mod needless_multi_primary;
mod needless_multi_region;
mod needless_nosql;
mod needless_orchestration;
mod needless_queue;
mod needless_replicas;
mod needless_sharding;
mod next_bottleneck;
mod non_idempotent_consumer;
mod outgrown_storage;
mod overload_on_failure;
mod overloaded;
mod overpromising_component;
mod overshot_slo;
mod oversized;
mod plaintext_across_boundary;
mod plaintext_inside;
mod polling_at_scale;
mod public_datastore;
mod quorum_in_too_few_zones;
mod read_bottleneck;
mod retry_storm;
mod rpc_for_public;
mod saturated_bandwidth;
mod secret_in_design;
mod self_link;
mod sensitive_data_in_shared_cache;
mod server_side_request_forgery;
mod shared_database;
mod shared_fate;
mod single_point_of_failure;
mod single_region_promise;
mod single_zone_redundancy;
mod skipped_rung;
mod slow_consumers;
mod slow_drain;
mod slow_failover;
mod slow_work_in_request;
mod stale_cache_on_strong;
mod sticky_dns;
mod sticky_sessions;
mod strong_read_from_replica;
mod synchronous_cycle;
mod syntax;
mod tcp_for_realtime;
mod third_party_quota;
mod too_large;
mod too_many_services;
mod too_many_store_kinds;
mod udp_for_must_arrive;
mod unbalanced_replicas;
mod unbounded_queue;
mod uncacheable_through_cdn;
mod unchecked_targets;
mod undersized_cache;
mod unencoded_output;
mod unencrypted_at_rest;
mod unexplained_allow;
mod unexplained_trade_off;
mod unheld_connections;
mod unknown_kind;
mod unknown_name;
mod unknown_property;
mod unknown_value;
mod unlinked_path;
mod unnamed_flows;
mod unparameterized_queries;
mod unpublished_sla;
mod unreachable_component;
mod unread_own_write;
mod unreal_slo;
mod unresolved_conflicts;
mod unsafe_retry;
mod unscaled_consumers;
mod unscanned_uploads;
mod unshielded_edge;
mod unsigned_webhook;
mod unstated_consistency;
mod unstated_data_size;
mod unstated_latency;
mod unstated_read_write_ratio;
mod unstated_scale;
mod unstated_slo;
mod unsynchronised_copy;
mod unthrottled_push;
mod unused_allow;
mod unused_template;
mod visibility_too_short;
mod weak_authentication;
mod weak_quorum;
mod wide_synchronous_fan_out;
mod write_behind_loss;
mod write_bottleneck;
mod writing_get;
mod wrong_balancing_algorithm;
mod wrong_cache_strategy;
mod wrong_cdn_mode;
mod wrong_dns_routing;
mod wrong_store_model;
mod wrong_type;

use crate::analysis::Analysis;
use crate::diagnostic::{Diagnostic, Edit, Fix, Label, Severity};
use crate::model::{Architecture, Component, Fault, FaultKind, Link};
use crate::source::Span;

/// All rules, by code.
#[rustfmt::skip] // One a line, so that rules that are added at the same time seldom meet.
pub static RULES: &[&Rule] = &[
    &syntax::RULE,
    &unknown_name::RULE,
    &duplicate_name::RULE,
    &unknown_kind::RULE,
    &unknown_property::RULE,
    &wrong_type::RULE,
    &unknown_value::RULE,
    &impossible_value::RULE,
    &misplaced_property::RULE,
    &self_link::RULE,
    &duplicate_link::RULE,
    &unreachable_component::RULE,
    &idle_client::RULE,
    &synchronous_cycle::RULE,
    &unused_allow::RULE,
    &unexplained_allow::RULE,
    &include_not_found::RULE,
    &include_cycle::RULE,
    &include_outside_root::RULE,
    &missing_system::RULE,
    &unlinked_path::RULE,
    &unused_template::RULE,
    &too_large::RULE,
    &broken_constraint::RULE,
    &single_point_of_failure::RULE,
    &single_zone_redundancy::RULE,
    &missed_slo::RULE,
    &overpromising_component::RULE,
    &shared_fate::RULE,
    &slow_failover::RULE,
    &manual_failover::RULE,
    &overload_on_failure::RULE,
    &unchecked_targets::RULE,
    &even_quorum::RULE,
    &quorum_in_too_few_zones::RULE,
    &critical_third_party::RULE,
    &sticky_dns::RULE,
    &cold_cache_cascade::RULE,
    &single_region_promise::RULE,
    &deploys_eat_the_budget::RULE,
    &unpublished_sla::RULE,
    &unbounded_queue::RULE,
    &missing_full_policy::RULE,
    &dropped_critical_data::RULE,
    &slow_consumers::RULE,
    &slow_drain::RULE,
    &missing_dead_letter::RULE,
    &non_idempotent_consumer::RULE,
    &lossy_broker::RULE,
    &missing_timeout::RULE,
    &inverted_timeouts::RULE,
    &retry_storm::RULE,
    &missing_circuit_breaker::RULE,
    &slow_work_in_request::RULE,
    &unthrottled_push::RULE,
    &unscaled_consumers::RULE,
    &lost_order::RULE,
    &idle_consumers::RULE,
    &wide_synchronous_fan_out::RULE,
    &exposed_queue::RULE,
    &visibility_too_short::RULE,
    &overloaded::RULE,
    &near_limit::RULE,
    &next_bottleneck::RULE,
    &outgrown_storage::RULE,
    &read_bottleneck::RULE,
    &write_bottleneck::RULE,
    &missed_latency::RULE,
    &cross_region_call::RULE,
    &unbalanced_replicas::RULE,
    &sticky_sessions::RULE,
    &exhausted_connections::RULE,
    &undersized_cache::RULE,
    &hot_shard::RULE,
    &missing_shard_key::RULE,
    &saturated_bandwidth::RULE,
    &skipped_rung::RULE,
    &batching_against_latency::RULE,
    &third_party_quota::RULE,
    &strong_read_from_replica::RULE,
    &write_behind_loss::RULE,
    &lossy_failover::RULE,
    &unresolved_conflicts::RULE,
    &eventual_money::RULE,
    &cap_contradiction::RULE,
    &dual_write::RULE,
    &cross_shard_query::RULE,
    &missing_invalidation::RULE,
    &stale_cache_on_strong::RULE,
    &blobs_in_database::RULE,
    &wrong_store_model::RULE,
    &weak_quorum::RULE,
    &shared_database::RULE,
    &missing_backup::RULE,
    &unsynchronised_copy::RULE,
    &unread_own_write::RULE,
    &unstated_consistency::RULE,
    &cache_as_source_of_truth::RULE,
    &missing_saga::RULE,
    &plaintext_across_boundary::RULE,
    &plaintext_inside::RULE,
    &unencrypted_at_rest::RULE,
    &public_datastore::RULE,
    &bypassed_edge::RULE,
    &missing_authentication::RULE,
    &missing_rate_limit::RULE,
    &excess_grants::RULE,
    &unparameterized_queries::RULE,
    &unencoded_output::RULE,
    &data_to_third_party::RULE,
    &server_side_request_forgery::RULE,
    &unshielded_edge::RULE,
    &early_tls_termination::RULE,
    &secret_in_design::RULE,
    &data_residency::RULE,
    &missing_authorization::RULE,
    &weak_authentication::RULE,
    &missing_segmentation::RULE,
    &unscanned_uploads::RULE,
    &unsigned_webhook::RULE,
    &fail_open_auth::RULE,
    &missing_audit_log::RULE,
    &sensitive_data_in_shared_cache::RULE,
    &missing_service_authentication::RULE,
    &missing_cdn::RULE,
    &wrong_cdn_mode::RULE,
    &uncacheable_through_cdn::RULE,
    &wrong_balancing_algorithm::RULE,
    &content_routing_on_layer_4::RULE,
    &wrong_dns_routing::RULE,
    &wrong_cache_strategy::RULE,
    &missing_ttl::RULE,
    &distant_cache::RULE,
    &cache_stampede::RULE,
    &missing_eviction::RULE,
    &balancer_for_one::RULE,
    &grpc_to_browser::RULE,
    &udp_for_must_arrive::RULE,
    &tcp_for_realtime::RULE,
    &unsafe_retry::RULE,
    &writing_get::RULE,
    &rpc_for_public::RULE,
    &chatty_calls::RULE,
    &unheld_connections::RULE,
    &missing_discovery::RULE,
    &polling_at_scale::RULE,
    &needless_sharding::RULE,
    &needless_replicas::RULE,
    &needless_cache::RULE,
    &needless_queue::RULE,
    &too_many_services::RULE,
    &needless_multi_region::RULE,
    &needless_cdn::RULE,
    &needless_nosql::RULE,
    &needless_graph_store::RULE,
    &oversized::RULE,
    &needless_orchestration::RULE,
    &overshot_slo::RULE,
    &needless_multi_primary::RULE,
    &idle_component::RULE,
    &too_many_store_kinds::RULE,
    &needless_log::RULE,
    &unstated_scale::RULE,
    &unstated_slo::RULE,
    &unstated_read_write_ratio::RULE,
    &unstated_latency::RULE,
    &unstated_data_size::RULE,
    &inconsistent_numbers::RULE,
    &unreal_slo::RULE,
    &unnamed_flows::RULE,
    &assumption::RULE,
    &unexplained_trade_off::RULE,
    &incomplete_model::RULE,
];

/// The rule of this code or name, in any case.
pub fn find(selector: &str) -> Option<&'static Rule> {
    let is_it = |(rule, name): (&&Rule, &String)| {
        rule.code.eq_ignore_ascii_case(selector) || name.eq_ignore_ascii_case(selector)
    };
    RULES.iter().zip(names()).position(is_it).map(|at| RULES[at])
}

/// Whether the rule of this code tells what breaks the language itself: [`Rule::is_of_the_language`].
pub fn is_of_the_language(code: &str) -> bool {
    find(code).is_some_and(Rule::is_of_the_language)
}

/// What a group of rules is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is named by its word")]
pub enum Family {
    Language,
    Availability,
    BackPressure,
    Load,
    Data,
    Security,
    Edge,
    Protocols,
    OverEngineering,
    Requirements,
}

impl Family {
    /// All of them, by the digit that their codes begin with.
    pub const ALL: [Self; 10] = [
        Self::Language,
        Self::Availability,
        Self::BackPressure,
        Self::Load,
        Self::Data,
        Self::Security,
        Self::Edge,
        Self::Protocols,
        Self::OverEngineering,
        Self::Requirements,
    ];

    /// The word for it in every output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Language => "language",
            Self::Availability => "availability",
            Self::BackPressure => "back-pressure",
            Self::Load => "load",
            Self::Data => "data",
            Self::Security => "security",
            Self::Edge => "edge",
            Self::Protocols => "protocols",
            Self::OverEngineering => "over-engineering",
            Self::Requirements => "requirements",
        }
    }

    /// What the codes of its rules begin with: `LP1`.
    pub fn head(self) -> String {
        format!("LP{}", self as u8)
    }
}

/// The family of a rule: the first digit of its code says it.
pub fn family(code: &str) -> Family {
    let digit = code.as_bytes().get(2).map_or(0, |byte| usize::from(byte.wrapping_sub(b'0')));
    Family::ALL.get(digit).copied().unwrap_or(Family::Language)
}

/// The code or name that a misspelt selector most likely means.
pub fn nearest(selector: &str) -> Option<&'static str> {
    // `LP999` is as near to one code as to the next.
    let digits = selector.strip_prefix("LP").or_else(|| selector.strip_prefix("lp"));
    if digits.is_some_and(|it| it.len() == 3 && it.bytes().all(|it| it.is_ascii_digit())) {
        return None;
    }
    crate::nearest::nearest(selector, names().iter().map(String::as_str))
        .or_else(|| crate::nearest::nearest(selector, RULES.iter().map(|rule| rule.code)))
}

/// Whether text or names could not be read: a link that seems to be missing may have been there.
pub(crate) fn is_torn(architecture: &Architecture) -> bool {
    use FaultKind::{
        DuplicateName, IncludeCycle, IncludeNotFound, IncludeOutsideRoot, Syntax, TooLarge, UnknownName,
        WrongType,
    };
    let tears = [
        Syntax,
        UnknownName,
        DuplicateName,
        WrongType,
        TooLarge,
        IncludeNotFound,
        IncludeCycle,
        IncludeOutsideRoot,
    ];
    architecture.faults.iter().any(|fault| tears.contains(&fault.kind))
}

/// What a rule may look at.
pub struct Context<'a> {
    /// The design.
    pub architecture: &'a Architecture,
    /// What was computed from it.
    pub analysis: &'a Analysis,
    /// The `allow`s that accepted nothing; known only once all other rules have run.
    pub unused_allows: Vec<UnusedAllow>,
}

/// An `allow` that accepted nothing.
#[derive(Debug)]
pub struct UnusedAllow {
    /// Its place in the architecture's `allows`.
    pub at: usize,
    /// Why it accepted nothing.
    pub why: WhyUnused,
}

/// Why an `allow` accepted nothing.
#[derive(Debug)]
pub enum WhyUnused {
    /// No rule is called so.
    NoSuchRule,
    /// The rule is of the language, whose errors can't be accepted.
    NeverAccepted(&'static Rule),
    /// The rule finds nothing there.
    NothingFound(&'static Rule),
}

/// A rule.
#[derive(Debug)]
pub struct Rule {
    /// Its code, `LP101`.
    pub code: &'static str,
    /// The path of its module, from which its name is made.
    pub module: &'static str,
    /// What it flags, in a few words, lower case, no full stop.
    pub summary: &'static str,
    /// The levels that its findings may have, the gravest first.
    pub levels: &'static [Severity],
    /// Whether only `--profile review` evaluates it.
    pub is_review_only: bool,
    /// Whether its findings follow a path, whose links they label.
    pub follows_path: bool,
    /// Its documentation: Markdown.
    pub docs: &'static str,
    /// What it does.
    pub check: fn(&Context, &mut Findings),
}

impl Rule {
    /// Its name: its file's, with hyphens.
    pub fn name(&self) -> String {
        self.module.rsplit("::").next().unwrap_or_default().replace('_', "-")
    }

    /// A section of its documentation without examples, as Markdown without its heading; empty where there is none.
    pub fn section(&self, heading: &str) -> String {
        let lines = self.docs.lines().map(|line| line.strip_prefix(' ').unwrap_or(line));
        let head = format!("## {heading}");
        let inside =
            lines.skip_while(|line| *line != head).skip(1).take_while(|line| !line.starts_with("## "));
        inside.collect::<Vec<_>>().join("\n").trim().to_owned()
    }

    /// Whether it tells what breaks the language itself, which no `allow` accepts: the design could not be read
    /// without guessing. A team's own rule (LP024) is a judgement like any other.
    pub fn is_of_the_language(&self) -> bool {
        self.code.starts_with("LP0") && self.levels[0] == Severity::Error && self.code != "LP024"
    }

    /// Whether it tells of an `allow`: that it accepts nothing, or says no reason.
    pub fn is_of_an_allow(&self) -> bool {
        matches!(self.code, "LP015" | "LP016")
    }

    /// Whether it judges the `allow`s by what they accepted, and so runs when all others have.
    pub fn is_about_allows(&self) -> bool {
        self.code == "LP015"
    }
}

/// Declares a rule: the documentation comment becomes [`Rule::docs`].
macro_rules! declare_rule {
    ($(#[doc = $doc:literal])+ static RULE = {
        code: $code:literal,
        summary: $summary:literal,
        levels: [$($level:ident),+ $(,)?]
        $(, review_only: $review:literal)?
        $(, follows_path: $path:literal)? $(,)?
    }) => {
        $(#[doc = $doc])+
        pub(super) static RULE: crate::rules::Rule = crate::rules::Rule {
            code: $code,
            module: module_path!(),
            summary: $summary,
            levels: &[$(crate::diagnostic::Severity::$level),+],
            is_review_only: false $(|| $review)?,
            follows_path: false $(|| $path)?,
            docs: concat!($($doc, "\n"),+),
            check,
        };
    };
}
use declare_rule;

/// What a rule has found so far.
pub struct Findings {
    rule: &'static Rule,
    name: &'static str,
    found: Vec<Diagnostic>,
    /// What the design accepts of a grouped question, with the place of the `allow` that does.
    accepted: Vec<(usize, Diagnostic)>,
}

/// What is asked about: the element, where it stands, and what to say there.
pub type Asked = (String, Span, String);

impl Findings {
    /// An empty list for a rule.
    pub fn new(rule: &'static Rule) -> Self {
        let place = RULES.iter().position(|it| std::ptr::eq(*it, rule));
        let name = place.map_or(rule.code, |at| &names()[at]);
        Self { rule, name, found: Vec::new(), accepted: Vec::new() }
    }

    /// What was found so far.
    pub fn found(&self) -> &[Diagnostic] {
        &self.found
    }

    /// Gives all of them a level.
    pub fn set_level(&mut self, level: Severity) {
        let accepted = self.accepted.iter_mut().map(|(_, it)| it);
        self.found.iter_mut().chain(accepted).for_each(|it| it.severity = level);
    }

    /// The same, to add to what is told.
    pub fn found_mut(&mut self) -> &mut [Diagnostic] {
        &mut self.found
    }

    /// What was found, and what was found and is accepted by the `allow` at a place of the architecture's.
    pub fn into_parts(self) -> (Vec<Diagnostic>, Vec<(usize, Diagnostic)>) {
        (self.found, self.accepted)
    }

    /// Reports a finding on an element. The span is the culprit's, drawn with `label`.
    pub fn report(
        &mut self,
        severity: Severity,
        element: impl Into<String>,
        span: Span,
        label: impl Into<String>,
        message: impl Into<String>,
    ) -> Finding<'_> {
        debug_assert!(self.rule.levels.contains(&severity), "{} reports at its own levels", self.rule.code);
        let diagnostic = self.diagnostic(severity, element.into(), span, label.into(), message.into());
        let at = self.found.len();
        self.found.push(diagnostic);
        Finding(&mut self.found[at])
    }

    fn diagnostic(
        &self,
        severity: Severity,
        element: String,
        span: Span,
        label: String,
        message: String,
    ) -> Diagnostic {
        Diagnostic {
            code: self.rule.code,
            name: self.name,
            severity,
            message,
            labels: vec![Label { span, message: label, element: Some(element.clone()) }],
            notes: Vec::new(),
            help: None,
            element,
            asked: Vec::new(),
            flows: Vec::new(),
            fix: None,
            extent: None,
        }
    }

    /// Reports a finding on a component, at its name.
    pub fn on_component(
        &mut self,
        severity: Severity,
        component: &Component,
        label: impl Into<String>,
        message: impl Into<String>,
    ) -> Finding<'_> {
        self.report(severity, component.name.as_str(), component.span, label, message)
    }

    /// Reports a finding on a link, at its target's name in the statement.
    pub fn on_link(
        &mut self,
        severity: Severity,
        architecture: &Architecture,
        link: &Link,
        label: impl Into<String>,
        message: impl Into<String>,
    ) -> Finding<'_> {
        self.report(severity, architecture.link_name(link), link.span, label, message)
    }

    /// What is left to ask once the design's `allow`s are taken out, so that a question about many counts only
    /// what is open. Ask for it before the message is written.
    pub fn open(&mut self, architecture: &Architecture, asked: Vec<Asked>) -> Vec<Asked> {
        self.open_at(self.rule.levels[self.rule.levels.len() - 1], None, architecture, asked)
    }

    /// The same, where what is accepted has a level of its own, else it has the rule's mildest, and perhaps a name of its
    /// own, by which it may be accepted alone.
    pub fn open_at(
        &mut self,
        level: Severity,
        name: Option<&str>,
        architecture: &Architecture,
        asked: Vec<Asked>,
    ) -> Vec<Asked> {
        let mut left = Vec::new();
        for (element, span, label) in asked {
            let allow = architecture.allows.iter().position(|allow| {
                let is_by_name = name.is_some_and(|name| allow.rule.text == name);
                let is_of_rule = is_by_name || allow.is_of_rule(self.rule.code, self.name);
                let is_everywhere = is_by_name && allow.places.is_empty();
                is_of_rule && (is_everywhere || allow.covers(architecture, &element))
            });
            let Some(at) = allow else {
                left.push((element, span, label));
                continue;
            };
            let message = format!("`{element}`: {}", self.rule.summary);
            let diagnostic = self.diagnostic(level, element, span, label, message);
            self.accepted.push((at, diagnostic));
        }
        left
    }

    /// The same for so many that only those that are labelled are put into words: how many are open, and the
    /// first of them, in the order given.
    pub fn open_of<T>(
        &mut self,
        architecture: &Architecture,
        asked: &[T],
        in_words: impl Fn(&T) -> Asked,
    ) -> (usize, Vec<Asked>) {
        if architecture.allows.iter().any(|allow| allow.is_of_rule(self.rule.code, self.name)) {
            let open = self.open(architecture, asked.iter().map(in_words).collect());
            return (open.len(), open);
        }
        (asked.len(), asked.iter().take(5).map(in_words).collect())
    }

    /// One question about many: what is unstated is one finding a design, at most five of them labelled.
    /// `asked` is (element, span, label), dearest first; nothing is reported where it is empty.
    pub fn question(
        &mut self,
        severity: Severity,
        asked: &[Asked],
        message: impl Into<String>,
    ) -> Option<Finding<'_>> {
        let ((element, span, label), rest) = asked.split_first()?;
        let mut finding = self.report(severity, element.clone(), *span, label.clone(), message);
        for (element, span, label) in rest.iter().take(4) {
            finding.label(element.clone(), *span, label.clone());
        }
        if !rest.is_empty() {
            finding.0.asked = finding.0.labels.iter().filter_map(|it| it.element.clone()).collect();
        }
        Some(finding)
    }

    /// Reports the faults of one kind that the lower floors found.
    pub fn faults(&mut self, architecture: &Architecture, kind: FaultKind) {
        for Fault { message, labels, help, fix, element, .. } in
            architecture.faults.iter().filter(|fault| fault.kind == kind)
        {
            let culprit = &labels[0];
            let finding = self.report(
                self.rule.levels[0],
                element.clone(),
                culprit.span,
                culprit.message.clone(),
                message.clone(),
            );
            finding.0.labels.extend(labels[1..].iter().cloned());
            finding.0.help.clone_from(help);
            finding.0.fix.clone_from(fix);
        }
    }
}

/// The rules' names, in the order of the table: they live as long as the rules do.
fn names() -> &'static [String] {
    static NAMES: std::sync::OnceLock<Vec<String>> = std::sync::OnceLock::new();
    NAMES.get_or_init(|| RULES.iter().map(|rule| rule.name()).collect())
}

/// Whether an element is among those that a question is about.
fn is_asked(asked: &[Asked], name: &str) -> bool {
    asked.iter().any(|(element, ..)| element == name)
}

/// The edits that write a property into components, each declaration once, if it can be written into all of them.
fn written_into<'a>(components: impl Iterator<Item = &'a Component>, property: &str) -> Option<Vec<Edit>> {
    let edits: Option<Vec<Edit>> = components.map(|it| Some(it.room?.edit(property))).collect();
    edits.map(by_place)
}

/// Edits in order, each place once.
fn by_place(mut edits: Vec<Edit>) -> Vec<Edit> {
    edits.sort_by_key(|edit| edit.span);
    edits.dedup_by_key(|edit| edit.span);
    edits
}

/// A finding that is being told.
pub struct Finding<'a>(&'a mut Diagnostic);

impl Finding<'_> {
    /// Another place that it is about.
    pub fn label(&mut self, element: impl Into<String>, span: Span, message: impl Into<String>) -> &mut Self {
        self.0.labels.push(Label { span, message: message.into(), element: Some(element.into()) });
        self
    }

    /// A place that is no element: a property, a statement.
    pub fn place(&mut self, span: Span, message: impl Into<String>) -> &mut Self {
        self.0.labels.push(Label { span, message: message.into(), element: None });
        self
    }

    /// Why it matters, or a fact of the same story.
    pub fn note(&mut self, note: impl Into<String>) -> &mut Self {
        self.0.notes.push(note.into());
        self
    }

    /// What to do, as a command.
    pub fn help(&mut self, help: impl Into<String>) -> &mut Self {
        self.0.help = Some(help.into());
        self
    }

    /// A flow that it concerns.
    pub fn flow(&mut self, flow: impl Into<String>) -> &mut Self {
        let flow = flow.into();
        if !self.0.flows.contains(&flow) {
            self.0.flows.push(flow);
        }
        self
    }

    /// A change of text that mends it, and whether it is the one right answer; in place of what is stated none is, as
    /// `check::mend` sees to.
    pub fn fix(&mut self, title: impl Into<String>, is_safe: bool, edits: Vec<Edit>) -> &mut Self {
        self.0.fix = Some(Fix { title: title.into(), is_safe, edits });
        self
    }
}
