//! The arithmetic of waiting lines: how long a request waits for its turn, from how busy its servers are.
//!
//! Requests are taken to come at random (Poisson) and to need times of which a few are long (exponential). Real
//! arrivals come in bursts, so what is computed here is rather too short than too long.

use crate::quantity::{Duration, Rate};

/// Terms of a series that are worth the time: beyond, what is left out only makes the wait look longer.
const MAX_TERMS: u32 = 100_000;

/// Requests that are in a system at once: L = λ·W.
///
/// Little, A proof for the queuing formula L = λW, Operations Research 9, 1961.
pub fn in_flight(rate: Rate, time: Duration) -> f64 {
    rate * time
}

/// The mean time in a system with one server, waiting and work: R = S ÷ (1 − ρ); without end from ρ = 1 on.
///
/// M/M/1: Kleinrock, Queueing Systems, volume 1, 1975, section 3.2.
pub fn response(service: Duration, utilisation: f64) -> Duration {
    if utilisation < 1.0 { service / (1.0 - utilisation) } else { Duration::INFINITE }
}

/// The time in a system with one server that only this share of requests exceeds: ln(1 ÷ share) × R, since the time
/// is exponential as well. One in a hundred: 4.6 × S ÷ (1 − ρ).
///
/// M/M/1: Kleinrock, Queueing Systems, volume 1, 1975, section 5.6.
pub fn response_exceeded_by(share: f64, service: Duration, utilisation: f64) -> Duration {
    response(service, utilisation) * (1.0 / share).ln()
}

/// The share of requests that find all servers busy and are turned away: B(c, a), `offered` a = λ·S.
///
/// 1 ÷ B = Σ (k from 0 to c) of c·(c − 1)·…·(c − k + 1) ÷ aᵏ, in which each term follows from the one before, all
/// are positive, and nothing cancels. It is the recurrence 1 ÷ B(c) = 1 + c ÷ a ÷ B(c − 1) written out, from its
/// large end, so that it may stop early.
///
/// Erlang, Solution of some problems in the theory of probabilities of significance in automatic telephone
/// exchanges, 1917.
pub fn erlang_b(servers: f64, offered: f64) -> f64 {
    if offered <= 0.0 {
        return 0.0;
    }
    let servers = servers.max(1.0).floor();
    let mut term = 1.0_f64;
    let mut sum = 1.0_f64;
    let mut left = servers;
    for _ in 0..MAX_TERMS {
        if left < 1.0 || term < sum * f64::EPSILON * 0.01 {
            break;
        }
        term *= left / offered;
        sum += term;
        left -= 1.0;
        if !sum.is_finite() {
            return 0.0;
        }
    }
    1.0 / sum
}

/// The share of requests that have to wait: C(c, a) = B ÷ (1 − ρ·(1 − B)); all of them from ρ = 1 on.
///
/// M/M/c: Erlang 1917, as in Kleinrock, Queueing Systems, volume 1, 1975, section 3.5.
pub fn erlang_c(servers: f64, offered: f64) -> f64 {
    let utilisation = offered / servers.max(1.0).floor();
    if utilisation >= 1.0 {
        return 1.0;
    }
    let turned_away = erlang_b(servers, offered);
    turned_away / (1.0 - utilisation * (1.0 - turned_away))
}

/// Several servers before which requests stand in one line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Line {
    /// How many requests are worked on at once: at least one.
    pub servers: f64,
    /// The mean time of one.
    pub service: Duration,
    /// How busy the servers are, 1 is full.
    pub utilisation: f64,
}

impl Line {
    /// Whether more comes than is done, so that the wait has no end.
    pub fn is_saturated(&self) -> bool {
        // A sum that is full may round to a hair under it.
        self.utilisation >= 1.0 - 1e-9
    }

    /// The share of requests that have to wait at all.
    pub fn waiting_share(&self) -> f64 {
        erlang_c(self.servers, self.utilisation * self.servers)
    }

    /// The mean wait of all requests: Wq = Pw·S ÷ (c·(1 − ρ)).
    ///
    /// M/M/c: Kleinrock, Queueing Systems, volume 1, 1975, section 3.5.
    pub fn mean_wait(&self) -> Duration {
        self.waiting_share() * self.drain()
    }

    /// The wait that only this share of requests exceeds: S·ln(Pw ÷ share) ÷ (c·(1 − ρ)), for the wait of those who
    /// wait is exponential; nothing where so few wait at all.
    ///
    /// M/M/c: Gross and Harris, Fundamentals of Queueing Theory, section on multiserver queues.
    pub fn wait_exceeded_by(&self, share: f64) -> Duration {
        let waiting = self.waiting_share();
        if waiting <= share { Duration::ZERO } else { (waiting / share).ln() * self.drain() }
    }

    /// The mean wait of those who wait: S ÷ (c·(1 − ρ)).
    fn drain(&self) -> Duration {
        if self.is_saturated() {
            return Duration::INFINITE;
        }
        self.service / (self.servers * (1.0 - self.utilisation))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::SECOND;

    #[track_caller]
    fn close(found: f64, worked: f64, within: f64) {
        assert!((found - worked).abs() <= within, "{found} is not {worked} ± {within}");
    }

    /// 500 requests a second of 30 s each are 15 000 at once.
    #[test]
    fn what_comes_and_stays_is_there_at_once() {
        close(in_flight(Rate::new(500.0), Duration::new(30.0)), 15_000.0, 1e-9);
    }

    /// 1 ÷ (1 − ρ): .5 twice, .7 3.3 times, .8 5, .9 10, .95 20 times the service time; p99 is ln 100 = 4.6 times that.
    #[test]
    fn one_server_answers_ever_later_the_busier_it_is() {
        for (utilisation, factor) in [(0.5, 2.0), (0.7, 3.33), (0.8, 5.0), (0.9, 10.0), (0.95, 20.0)] {
            close(response(SECOND, utilisation).seconds(), factor, 0.01);
        }
        close(response_exceeded_by(0.01, SECOND, 0.7).seconds(), 15.35, 0.01);
        close(response_exceeded_by(0.01, SECOND, 0.9).seconds(), 46.05, 0.01);
        assert!(!response(SECOND, 1.0).is_finite());
    }

    /// B(1, a) = a ÷ (1 + a) = .5 at 1; B(2, 1) = (1/2) ÷ (1 + 1 + 1/2) = .2; B(5, 3) from the tables: .1101.
    #[test]
    fn erlang_b_is_as_in_the_tables() {
        close(erlang_b(1.0, 1.0), 0.5, 1e-12);
        close(erlang_b(2.0, 1.0), 0.2, 1e-12);
        close(erlang_b(5.0, 3.0), 0.1101, 5e-5);
        close(erlang_b(5.0, 0.0), 0.0, 0.0);
    }

    /// With one server who waits is who finds it busy: C(1, ρ) = ρ. C(2, 1) = .2 ÷ (1 − .5 × .8) = 1/3.
    #[test]
    fn erlang_c_is_as_worked_by_hand() {
        for utilisation in [0.1, 0.5, 0.9, 0.99] {
            close(erlang_c(1.0, utilisation), utilisation, 1e-12);
        }
        close(erlang_c(2.0, 1.0), 1.0 / 3.0, 1e-12);
        close(erlang_c(2.0, 2.0), 1.0, 0.0);
    }

    /// The recurrence 1 ÷ B(c) = 1 + c ÷ a ÷ B(c − 1) from the small end gives the same, for thousands of servers.
    #[test]
    fn thousands_of_servers_cost_no_digits() {
        for (servers, utilisation) in [(10_u32, 0.9), (1_000, 0.95), (5_000, 0.99), (50_000, 0.999)] {
            let offered = f64::from(servers) * utilisation;
            let mut inverse = 1.0;
            for at in 1..=servers {
                inverse = 1.0 + f64::from(at) / offered * inverse;
            }
            let found = erlang_b(f64::from(servers), offered);
            close(found * inverse, 1.0, 1e-9);
        }
        // Whatever is written, it ends, and at a share.
        for (servers, utilisation) in [(1e6, 0.5), (1e12, 0.999_999), (1e18, 0.1), (f64::MAX, 0.99)] {
            let share = erlang_c(servers, servers * utilisation);
            assert!((0.0..=1.0).contains(&share), "{servers} servers: {share}");
        }
    }

    /// At ρ = .9 one request in a hundred waits so many service times: the more servers share a line, the fewer.
    #[test]
    fn a_shared_line_is_short() {
        let table = [
            (1.0, 45.0, 0.1),
            (2.0, 22.0, 0.5),
            (4.0, 10.9, 0.1),
            (8.0, 5.3, 0.1),
            (16.0, 2.6, 0.1),
            (32.0, 1.2, 0.1),
            (64.0, 0.5, 0.1),
        ];
        for (servers, worked, within) in table {
            let line = Line { servers, service: SECOND, utilisation: 0.9 };
            close(line.wait_exceeded_by(0.01).seconds(), worked, within);
        }
        let idle = Line { servers: 8.0, service: SECOND, utilisation: 0.1 };
        assert_eq!(idle.wait_exceeded_by(0.01), Duration::ZERO);
        let full = Line { servers: 8.0, service: SECOND, utilisation: 1.0 };
        assert!(full.is_saturated() && !full.wait_exceeded_by(0.5).is_finite());
    }

    /// Half of all wait less than the median. c = 1, ρ = .9: ln(2 × .9) × S ÷ .1 = 5.88 S; mean .9 × 10 S = 9 S.
    #[test]
    fn the_median_wait_is_shorter_than_the_mean() {
        let line = Line { servers: 1.0, service: SECOND, utilisation: 0.9 };
        close(line.wait_exceeded_by(0.5).seconds(), 5.878, 0.001);
        close(line.mean_wait().seconds(), 9.0, 1e-9);
    }

    /// Numbers that look like chance (xorshift64*), the same in each run.
    struct Chance(u64);

    impl Chance {
        fn next(&mut self) -> f64 {
            self.0 ^= self.0 >> 12;
            self.0 ^= self.0 << 25;
            self.0 ^= self.0 >> 27;
            let drawn = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 11;
            (drawn as f64 + 0.5) / (1_u64 << 53) as f64
        }

        fn exponential(&mut self, mean: f64) -> f64 {
            -mean * self.next().ln()
        }
    }

    /// The waits of requests that come one after the other to the server that is free first.
    fn simulated(servers: usize, utilisation: f64, requests: usize) -> Vec<f64> {
        let mut chance = Chance(0x9E37_79B9_7F4A_7C15);
        let mut free_at = vec![0.0_f64; servers];
        let mut now = 0.0;
        let mut waits = Vec::with_capacity(requests);
        for at in 0..requests * 11 / 10 {
            now += chance.exponential(1.0 / (servers as f64 * utilisation));
            let first = free_at.iter_mut().min_by(|a, b| a.total_cmp(b)).expect("there is a server");
            let begins = now.max(*first);
            *first = begins + chance.exponential(1.0);
            // The first tenth fills the line.
            if at >= requests / 10 {
                waits.push(begins - now);
            }
        }
        waits
    }

    /// The formulas hold against events drawn one by one. Waits that follow each other are alike, so the error is
    /// taken from the means of fifty stretches: 4.5 times it is missed by chance once in some 100 000 draws.
    #[test]
    fn the_formulas_agree_with_a_simulation() {
        const STRETCHES: usize = 50;
        for (servers, utilisation) in [(1, 0.5), (1, 0.8), (2, 0.7), (4, 0.9), (16, 0.9)] {
            let line = Line { servers: servers as f64, service: SECOND, utilisation };
            let waits = simulated(servers, utilisation, 400_000);
            let stretches: Vec<&[f64]> = waits.chunks_exact(waits.len() / STRETCHES).collect();
            let agrees = |what: &str, worked: f64, of: &dyn Fn(&[f64]) -> f64| {
                let found: Vec<f64> = stretches.iter().map(|it| of(it)).collect();
                let mean = found.iter().sum::<f64>() / found.len() as f64;
                let spread = found.iter().map(|it| (it - mean).powi(2)).sum::<f64>();
                let error = (spread / (found.len() * (found.len() - 1)) as f64).sqrt();
                assert!(
                    (mean - worked).abs() < 4.5 * error,
                    "{servers} servers at {utilisation}: {what} is {mean} ± {error}, not {worked}"
                );
            };
            let mean = |of: &dyn Fn(f64) -> f64, waits: &[f64]| {
                waits.iter().map(|it| of(*it)).sum::<f64>() / waits.len() as f64
            };
            agrees("the mean wait", line.mean_wait().seconds(), &|waits| mean(&|it| it, waits));
            agrees("who waits", line.waiting_share(), &|waits| mean(&|it| f64::from(it > 0.0), waits));
            for share in [0.5, 0.01] {
                let limit = line.wait_exceeded_by(share).seconds();
                if limit > 0.0 {
                    agrees("who waits longer", share, &|waits| mean(&|it| f64::from(it > limit), waits));
                }
            }
        }
    }
}
