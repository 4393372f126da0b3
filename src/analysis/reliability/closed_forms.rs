//! Formulae for one component by itself: replicas, common causes, placement over zones, failover.
//!
//! All figures are probabilities; `u` is the unavailability (1 − availability) of one replica.

/// The probability that at least `needed` of `count` independent units are up, each down with probability
/// `u`: the k-out-of-n formula, a binomial tail.
///
/// The terms are summed relative to the greatest one, so a thousand units neither underflow nor lose digits.
pub fn at_least_of(count: u32, needed: u32, u: f64) -> f64 {
    if needed == 0 || u <= 0.0 && needed <= count {
        return 1.0;
    }
    if needed > count || u >= 1.0 {
        return 0.0;
    }
    let spare = count - needed;
    let odds = u / (1.0 - u);
    let likeliest = ((f64::from(count) + 1.0) * u) as u32;
    let (mut up, mut down) = (0.0, 0.0);
    let mut add = |lost: u32, weight: f64| if lost <= spare { up += weight } else { down += weight };
    let mut weight = 1.0;
    for lost in likeliest..=count {
        add(lost, weight);
        weight *= odds * f64::from(count - lost) / f64::from(lost + 1);
        // What is too small for a figure adds nothing, so that a billion units take no longer than some thousands.
        if weight < f64::MIN_POSITIVE {
            break;
        }
    }
    let mut weight = 1.0;
    for lost in (0..likeliest).rev() {
        weight *= f64::from(lost + 1) / f64::from(count - lost) / odds;
        if weight < f64::MIN_POSITIVE {
            break;
        }
        add(lost, weight);
    }
    up / (up + down)
}

/// The availability of `replicas` like replicas of which `needs` must be up, where the share `beta` of each
/// one's unavailability strikes all of them at once: the β-factor model of common-cause failures,
/// (1 − βu) · P(at least `needs` up, each down alone with (1 − β)u).
///
/// One replica has nothing to share a cause with: 1 − u.
pub fn replicated(u: f64, replicas: u32, needs: u32, beta: f64) -> f64 {
    if replicas < 2 {
        return at_least_of(replicas, needs, u);
    }
    (1.0 - beta * u) * at_least_of(replicas, needs, (1.0 - beta) * u)
}

/// The tables of a component over its zones, as `Program::placed` takes them: bit i of an index says that
/// zone i is up.
#[derive(Clone, Debug, PartialEq)]
pub struct Spread {
    /// The probability to be up.
    pub up: Vec<f64>,
    /// Replicas that may be lost then; negative where too few are left.
    pub spare: Vec<i32>,
}

/// [`replicated`] with the replicas dealt over `zones` in turn: replica i, from 0, lies in zone i mod `zones`.
///
/// The common cause strikes whichever replicas are left, also a last one: it is a property of the component.
pub fn spread(u: f64, replicas: u32, needs: u32, beta: f64, zones: u32) -> Spread {
    let shared = if replicas < 2 { 0.0 } else { beta * u };
    let alone = if replicas < 2 { u } else { (1.0 - beta) * u };
    let alive = |mask: u32| -> u32 {
        let in_zone = |zone: u32| replicas / zones + u32::from(zone < replicas % zones);
        (0..zones).filter(|zone| mask >> zone & 1 == 1).map(in_zone).sum()
    };
    let masks = 0..1_u32 << zones;
    Spread {
        up: masks.clone().map(|mask| (1.0 - shared) * at_least_of(alive(mask), needs, alone)).collect(),
        spare: masks.map(|mask| alive(mask).cast_signed() - needs.cast_signed()).collect(),
    }
}

/// How many of `count` voters are a majority.
pub fn majority(count: u32) -> u32 {
    count / 2 + 1
}

/// The unavailability of the switch of a failover: it does not work at all with probability `p`, and else is
/// late for the share τ of the outage, τ = `failover` ÷ `repair`, at most 1: p + τ − pτ. Both times in one unit.
pub fn switch_unavailability(p: f64, failover: f64, repair: f64) -> f64 {
    let late = if repair > 0.0 { (failover / repair).min(1.0) } else { 1.0 };
    p + late - p * late
}

/// The availability of a primary whose standbys take over through a switch: up = primary or (switch and some
/// standby), so 1 − u(1 − (1 − s)(1 − u_standbys)).
pub fn switched(u_primary: f64, u_standbys: f64, switch: f64) -> f64 {
    1.0 - u_primary * (1.0 - (1.0 - switch) * (1.0 - u_standbys))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn k_out_of_n_agrees_with_the_plain_sum() {
        for (count, u) in [(1_u32, 0.3_f64), (5, 0.005), (9, 0.9), (12, 0.5)] {
            for needed in 0..=count + 1 {
                let sum: f64 = (0_u32..1 << count)
                    .filter(|state| state.count_ones() >= needed)
                    .map(|state| {
                        let ups = state.count_ones().cast_signed();
                        (1.0 - u).powi(ups) * u.powi(count.cast_signed() - ups)
                    })
                    .sum();
                let got = at_least_of(count, needed, u);
                assert!((got - sum).abs() < 1e-12, "{needed} of {count} at {u}: {got} {sum}");
            }
        }
    }

    #[test]
    fn a_hundred_thousand_units_do_not_underflow() {
        let half = at_least_of(100_001, 50_001, 0.5);
        assert!((half - 0.5).abs() < 1e-9, "{half}");
        assert!(at_least_of(100_000, 90_000, 0.5) < 1e-300);
        assert!((at_least_of(100_000, 10_000, 0.5) - 1.0).abs() < 1e-15);
    }

    #[test]
    fn certain_units_need_no_sum() {
        assert!((at_least_of(3, 3, 0.0) - 1.0).abs() < f64::EPSILON);
        assert!(at_least_of(3, 4, 0.0) < f64::EPSILON);
        assert!(at_least_of(3, 1, 1.0) < f64::EPSILON);
        assert!((at_least_of(3, 0, 1.0) - 1.0).abs() < f64::EPSILON);
    }
}
