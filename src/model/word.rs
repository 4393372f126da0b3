//! What the words mean that a property may have as its value.

use super::Property;

/// What a word means as the value of a property, in a few words; nothing where the property lists no such word.
#[expect(clippy::too_many_lines, reason = "it is a table")]
pub fn meaning(property: Property, word: &str) -> Option<&'static str> {
    Some(match (property, word) {
        (Property::Availability, "high") => "more than one node would give; a figure says how much",
        (Property::Consistency, "strong") => "a read sees every write that was answered before it",
        (Property::Consistency, "eventual") => {
            "a read may miss the latest writes; without new ones all copies agree"
        }
        (Property::Consistency, "weak") => "a read may miss writes, and may never see some",
        (Property::Durability, "no_loss") => "nothing that was accepted may be lost",
        (Property::Durability, "best_effort") => "some may be lost",
        (Property::Survives, "replica") => "the loss of any one node",
        (Property::Survives, "host") => "the loss of any one machine, with all that runs on it",
        (Property::Survives, "zone") => "the loss of a whole zone",
        (Property::Survives, "region") => "the loss of a whole region",
        (Property::Survives, "third_party") => "the loss of any one third party",
        (Property::Intent, "demo") => "something to show: nobody relies on it",
        (Property::Intent, "personal") => "one's own use",
        (Property::Intent, "internal") => "a tool for colleagues",
        (Property::Intent, "startup") => "a young product, whose users forgive an hour",
        (Property::Intent, "production") => "a product that people pay for or work with",
        (Property::Intent, "critical") => "lives, money or other companies depend on it",
        (Property::Assume, "nothing") => "what is not stated stays unknown; the catalogue is not asked",
        (Property::Needs, "all") => "it works only while each of its replicas does",
        (Property::Mode, "active_active") => "all of them take traffic",
        (Property::Mode, "active_passive") => "one takes the traffic, and another stands by",
        (Property::Standby, "hot") => "it runs, has the data and takes over at once",
        (Property::Standby, "warm") => "it runs small or behind, and takes over in minutes",
        (Property::Standby, "cold") => "it is started when it is needed",
        (Property::Failover, "manual") => "somebody has to be called to switch over",
        (Property::Failover, "automatic") => "it switches over by itself; how fast is not said",
        (Property::Restart, "automatic" | "always") => "it is started again by itself",
        (Property::Restart, "manual") => "somebody has to start it again",
        (Property::Data, "secret") => "keys, passwords, tokens",
        (Property::Data, "pci") => "payment cards",
        (Property::Data, "phi") => "health records",
        (Property::Data, "pii") => "what tells who somebody is",
        (Property::Data, "financial") => "balances, payments, invoices",
        (Property::Data, "confidential") => "what a company keeps to itself",
        (Property::Data, "internal") => "what colleagues may see",
        (Property::Data, "public") => "what anybody may see",
        (Property::Replication, "sync") => "a write is answered when the copies have it",
        (Property::Replication, "async") => "a write is answered before the copies have it",
        (Property::Replication, "quorum") => "a write is answered when most of the copies have it",
        (Property::Model, "relational") => "tables with joins and transactions",
        (Property::Model, "key_value") => "values that are found by their key alone",
        (Property::Model, "document") => "nested records that are read as a whole",
        (Property::Model, "wide_column") => "sorted rows under a partition key",
        (Property::Model, "graph") => "nodes and edges to walk along",
        (Property::Model, "time_series") => "figures by time",
        (Property::Model, "warehouse") => "columns for large sums over much data",
        (Property::Model, "search") => "an index of words",
        (Property::Model, "blob") => "files under keys",
        (Property::Requires, "transactions") => "several writes that happen together or not at all",
        (Property::Requires, "joins") => "one question over several kinds of record",
        (Property::Requires, "full_text") => "search for words in texts",
        (Property::Requires, "traversals") => "walks along relations of unknown length",
        (Property::Requires, "aggregations") => "sums and counts over many records",
        (Property::Requires, "geo") => "what lies near a place",
        (Property::Requires, "ordering") => "one order that every reader sees",
        (Property::Requires, "replay") => "reading again what was read before",
        (Property::Persistence, "volume") => "on a disk that outlives the program",
        (Property::Saga, "choreography") => "each service goes on from the events of the one before",
        (Property::Saga, "orchestration") => "one service leads the steps of the others",
        (Property::OnPartition, "consistent") => "it refuses what it can't answer rightly",
        (Property::OnPartition, "available") => "it answers with what it has, and the sides may differ",
        (Property::Strategy, "cache_aside") => "the caller fills it after a miss",
        (Property::Strategy, "read_through") => "it reads from the store itself after a miss",
        (Property::Strategy, "write_through") => "a write is answered when cache and store both have it",
        (Property::Strategy, "write_behind") => "a write is answered before the store has it",
        (Property::Strategy, "refresh_ahead") => "it reads anew before what it has is too old",
        (Property::CacheLevel, "query") => "answers of queries: one write outdates many",
        (Property::CacheLevel, "object") => "single objects: one write outdates one",
        (Property::DeliveryMode, "push") => "the origin uploads it beforehand",
        (Property::DeliveryMode, "pull") => "it is fetched from the origin when it is asked for first",
        (Property::OnFull, "reject") => "a new message is refused, and its sender is told",
        (Property::OnFull, "block") => "the sender waits until there is room",
        (Property::OnFull, "drop") => "messages are lost, and nobody is told",
        (Property::Delivery, "at_most_once") => "a message may be lost, and never comes twice",
        (Property::Delivery, "at_least_once") => "a message is not lost, and may come twice",
        (Property::Delivery, "exactly_once") => "a message takes effect once",
        (Property::Algorithm, "round_robin") => "each in turn",
        (Property::Algorithm, "weighted") => "the larger ones more often",
        (Property::Algorithm, "least_connections") => "whoever has the least to do",
        (Property::Algorithm, "ip_hash") => "the same address always to the same one",
        (Property::Algorithm, "sticky") => "the same user always to the same one",
        (Property::Algorithm, "random") => "any of them",
        (Property::Routing, "simple") => "always the same answer",
        (Property::Routing, "weighted") => "each answer for its share of callers",
        (Property::Routing, "latency") => "the place that is fastest from there",
        (Property::Routing, "geolocation") => "the place for the caller's country",
        (Property::Routing, "failover") => "the second place while the first does not answer",
        (Property::Auth, "jwt") => "a signed token that is checked without a call",
        (Property::Auth, "session") => "a cookie that names a session kept somewhere",
        (Property::Auth, "token") => "a token that is asked about",
        (Property::Auth, "password") => "a name and a password",
        (Property::Auth, "oidc") => "sign-on at an identity provider",
        (Property::Auth, "mtls") => "certificates on both ends",
        (Property::Auth, "api_key") => "a long-lived key",
        (Property::Auth, "presigned") => "an address that is signed for a while",
        (Property::Auth, "basic") => "name and password with each request",
        (Property::Auth, "any") => "some way that is not said",
        (Property::Auth, "saml") => "sign-on of a company",
        (Property::Auth, "iam") => "a role that the platform gives",
        (Property::Queries, "parameterized") => {
            "values are handed over apart from the query: nothing can be injected"
        }
        (Property::Queries, "concatenated") => "values are pasted into the query: it can be injected",
        (Property::Grants, "read") => "it may read",
        (Property::Grants, "write") => "it may write",
        (Property::Grants, "admin") => "it may change the store itself",
        (Property::Grants, "all") => "it may do anything",
        (Property::Trust, "public") => "anybody reaches it",
        (Property::Trust, "dmz") => "it stands between outside and inside",
        (Property::Trust, "private") => "only what is inside reaches it",
        (Property::Sessions, "server") => "in the memory of one replica: they are lost with it",
        (Property::Sessions, "store") => "in a store that all replicas ask",
        (Property::Sessions, "token") => "in a token that the client carries",
        (Property::Discovery, "client") => "the caller asks a registry",
        (Property::Discovery, "server") => "a balancer in between knows",
        (Property::Discovery, "dns") => "by name",
        (Property::Backoff, "exponential") => "each wait is a multiple of the one before",
        (Property::Backoff, "linear") => "each wait is longer by as much",
        (Property::Backoff, "constant") => "always the same wait",
        (Property::Backoff, "jitter") => "a wait of chance, so that callers do not come together",
        (Property::Backoff, "exponential_jitter") => "each wait longer, and by chance",
        (Property::Method, "get" | "GET") => "reads; asking twice does no harm",
        (Property::Method, "head" | "HEAD") => "reads what there is to know of it; asking twice does no harm",
        (Property::Method, "post" | "POST") => "adds something; asking twice may add it twice",
        (Property::Method, "put" | "PUT") => "replaces something; asking twice does no harm",
        (Property::Method, "patch" | "PATCH") => "changes a part; asking twice may change it twice",
        (Property::Method, "delete" | "DELETE") => "removes something; asking twice does no harm",
        (Property::Connections, "short") => "one for each call",
        (Property::Connections, "long") => "kept open over many calls",
        (Property::For, "health") => "asks whether it lives",
        (Property::For, "deploy") => "brings new versions",
        (Property::For, "backup") => "takes copies of data",
        (Property::For, "telemetry") => "sends metrics, logs or traces",
        (Property::For, "manages") => "starts, moves or configures it",
        (Property::Level, "error") => "the check fails",
        (Property::Level, "warning") => "it is told, and fails where the run says so",
        (Property::Level, "advice") => "it is told in a review",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::property::Form;

    #[test]
    fn each_word_of_a_property_has_a_meaning_and_no_other_has() {
        for property in Property::ALL {
            for form in property.definition().forms {
                let Form::Words(words) = *form else { continue };
                for word in words {
                    assert!(meaning(*property, word).is_some(), "{} = {word}", property.name());
                }
            }
            assert_eq!(meaning(*property, "no such word"), None);
        }
    }
}
