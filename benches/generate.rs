//! Designs of any size to measure with: always the same text for the same size.

use std::fmt::Write;

/// Which of the teams are called by others.
const PLATFORM: usize = 8;

/// A design of about `components` components and two and a half times as many links, which states whatever an
/// analysis reads.
///
/// Teams of ten stand side by side: a gateway, four services, a cache, two databases, a queue and its worker. A
/// service calls within its team, and some of a platform: every eighth team, which calls nobody else. Every team has a
/// client of its own, and every tenth a flow; the databases of every fifth stand in two zones of a region.
pub(super) fn design(components: usize) -> String {
    let mut random = Random(components as u64 + 1);
    let teams = components.div_ceil(11).max(1);
    let mut text = String::with_capacity(components * 250);
    let _ = write!(
        text,
        "system \"Generated\" {{
  availability = 99%
  users = {components}k
  per_user = 10/day
  peak_factor = 3
  latency_p99 = 2s
}}
"
    );
    for team in 0..teams {
        let _ = write!(
            text,
            "client user_{team}
load_balancer edge_{team} : alb
service api_{team}, cart_{team}, price_{team}, stock_{team} x3 {{ zones = 3, capacity = 2k/s, pool = 50
  service_time = 20ms, service_time_p99 = 80ms }}
cache hot_{team} : redis x2 {{ caches = orders_{team}, strategy = cache_aside, ttl = 1h, hit_ratio = 90%, memory = 8GB }}
{}
queue jobs_{team} : sqs {{ max_length = 1M, max_age = 1h, on_full = reject, dead_letter, visibility_timeout = 5min }}
worker worker_{team} x2 {{ capacity = 100/s, service_time = 20ms, idempotent }}
user_{team} -> edge_{team} : https {{ payload = 20KB }}
edge_{team} -> api_{team} : https {{ timeout = 1500ms, payload = 20KB }}
api_{team} -> cart_{team}, price_{team} : https {{ timeout = 500ms, retries = 1, backoff = exponential_jitter, payload = 2KB }}
api_{team} ~> jobs_{team} : https {{ payload = 1KB }}
jobs_{team} ~> worker_{team} {{ batch_size = 10 }}
worker_{team} -> orders_{team} : tls {{ timeout = 200ms }}
cart_{team} -> hot_{team}, orders_{team} : tls {{ timeout = 200ms }}
cart_{team} -> stock_{team} : https {{ timeout = {} }}
price_{team} -> items_{team}, hot_{team} : tls {{ timeout = 200ms }}
stock_{team} -> items_{team}, orders_{team} : tls {{ timeout = 200ms }}
",
            stores(team),
            // Those of the platform are waited for by who is waited for: timeouts shrink from the outside in.
            if team % PLATFORM == 0 { "300ms" } else { "450ms" },
        );
        for call in 0..12 {
            let near = (team - team % PLATFORM).saturating_sub(PLATFORM * random.below(3));
            if team % PLATFORM != 0 {
                let from = ["api", "cart", "price", "stock"][call / 3];
                let to = ["cart", "price", "stock"][call % 3];
                let _ = writeln!(
                    text,
                    "{from}_{team} -> {to}_{near} : grpc {{ tls, timeout = 400ms, optional }}"
                );
            }
        }
        if team % 10 == 0 {
            let _ = writeln!(
                text,
                "flow buy_{team} {{ writes, rate = 10/s, latency_p99 = 1s, record_size = 1KB, retention = 1y; user_{team} -> edge_{team} -> api_{team} -> cart_{team} -> orders_{team} }}"
            );
        }
    }
    text
}

fn stores(team: usize) -> String {
    const STATED: &str = "replication = async, failover = 30s, data = [internal], records = 10M, record_size = 1KB
  read_capacity = 5k/s, write_capacity = 1k/s, service_time = 5ms, max_connections = 500, storage_capacity = 500GB";
    if !team.is_multiple_of(5) {
        return format!("database orders_{team}, items_{team} : postgres x2 {{ {STATED} }}");
    }
    format!(
        "region east_{team} {{
  zone a_{team} {{ database orders_{team} : postgres x2 {{ {STATED} }} }}
  zone b_{team} {{ database items_{team} : postgres x2 {{ {STATED} }} }}
}}"
    )
}

/// A layered network: `depth` layers of `width` services, each calling any of two of the next layer.
pub(super) fn layered(width: usize, depth: usize) -> String {
    let mut text = String::from("client user\n");
    for layer in 0..depth {
        for at in 0..width {
            let _ = writeln!(text, "service s{layer}_{at} x1 {{ availability = 90% }}");
        }
    }
    let all: Vec<String> = (0..width).map(|at| format!("s0_{at}")).collect();
    let _ = writeln!(text, "user -> {}", all.join(" | "));
    for layer in 1..depth {
        for at in 0..width {
            let _ = writeln!(text, "s{}_{at} -> s{layer}_{at} | s{layer}_{}", layer - 1, (at + 1) % width);
        }
    }
    text
}

/// A small generator of numbers that are always the same.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        // xorshift64* by Vigna, "An experimental exploration of Marsaglia's xorshift generators" (2016).
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % limit
    }
}
