//! Figures with units: `1.5GiB`, `20/day`, `99.95%`, in the base unit of what they measure.

use std::borrow::Cow;
use std::fmt::Write;

use super::ast::{Dimension, Quantity};

/// A unit: what it measures and how much of the base unit it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Unit {
    pub(super) dimension: Dimension,
    /// A power of ten, apart from the factor so that `99.9%` is 0.999 to the last bit.
    exponent: i32,
    factor: f64,
}

impl Unit {
    const NONE: Self = Self { dimension: Dimension::Number, exponent: 0, factor: 1.0 };

    const fn new(dimension: Dimension, exponent: i32, factor: f64) -> Self {
        Self { dimension, exponent, factor }
    }
}

/// A month has 30 days and a year 365, everywhere.
const DAY: f64 = 86_400.0;

const TIMES: &[(&str, i32, f64)] = &[
    ("ns", -9, 1.0),
    ("us", -6, 1.0),
    ("µs", -6, 1.0),
    ("μs", -6, 1.0),
    ("ms", -3, 1.0),
    ("s", 0, 1.0),
    ("min", 0, 60.0),
    ("h", 0, 3_600.0),
    ("d", 0, DAY),
    ("day", 0, DAY),
    ("w", 0, 7.0 * DAY),
    ("week", 0, 7.0 * DAY),
    ("month", 0, 30.0 * DAY),
    ("y", 0, 365.0 * DAY),
    ("year", 0, 365.0 * DAY),
];

const MULTIPLES: &[(&str, i32)] = &[("k", 3), ("M", 6), ("G", 9), ("bn", 9), ("T", 12)];

const SIZES: &[(&str, i32, f64)] = &[
    ("B", 0, 1.0),
    ("KB", 3, 1.0),
    ("kB", 3, 1.0),
    ("MB", 6, 1.0),
    ("GB", 9, 1.0),
    ("TB", 12, 1.0),
    ("PB", 15, 1.0),
    ("EB", 18, 1.0),
    ("KiB", 0, 1_024.0),
    ("MiB", 0, 1_048_576.0),
    ("GiB", 0, 1_073_741_824.0),
    ("TiB", 0, 1_099_511_627_776.0),
    ("PiB", 0, 1_125_899_906_842_624.0),
    ("EiB", 0, 1_152_921_504_606_846_976.0),
];

/// Bits per second are kept as bytes per second.
const BITS: &[(&str, i32)] = &[("bps", 0), ("kbps", 3), ("Kbps", 3), ("Mbps", 6), ("Gbps", 9), ("Tbps", 12)];

/// What people write, and what it is called here.
const SLIPS: &[(&str, &str)] = &[
    ("sec", "s"),
    ("secs", "s"),
    ("second", "s"),
    ("seconds", "s"),
    ("msec", "ms"),
    ("mins", "min"),
    ("minute", "min"),
    ("minutes", "min"),
    ("hr", "h"),
    ("hrs", "h"),
    ("hour", "h"),
    ("hours", "h"),
    ("days", "d"),
    ("weeks", "w"),
    ("mo", "month"),
    ("mon", "month"),
    ("months", "month"),
    ("yr", "y"),
    ("yrs", "y"),
    ("years", "y"),
    ("K", "k"),
    ("thousand", "k"),
    ("mio", "M"),
    ("mil", "M"),
    ("million", "M"),
    ("millions", "M"),
    ("mrd", "bn"),
    ("billion", "bn"),
    ("billions", "bn"),
    ("trillion", "T"),
    ("b", "B"),
    ("bytes", "B"),
    ("byte", "B"),
    ("kb", "KB"),
    ("mb", "MB"),
    ("Mb", "MB"),
    ("gb", "GB"),
    ("Gb", "GB"),
    ("tb", "TB"),
    ("Tb", "TB"),
    ("mbps", "Mbps"),
    ("gbps", "Gbps"),
    ("rps", "/s"),
    ("qps", "/s"),
    ("tps", "/s"),
    ("ops", "/s"),
    ("kilobytes", "KB"),
    ("kilobyte", "KB"),
    ("megabytes", "MB"),
    ("megabyte", "MB"),
    ("gigabytes", "GB"),
    ("gigabyte", "GB"),
    ("gigs", "GB"),
    ("gig", "GB"),
    ("terabytes", "TB"),
    ("terabyte", "TB"),
    ("petabytes", "PB"),
    ("petabyte", "PB"),
    ("krps", "k/s"),
    ("kqps", "k/s"),
    ("percent", "%"),
];

/// Splits `1.5GiB` into `1.5` and `GiB`.
pub(super) fn split(text: &str) -> (&str, &str) {
    let digits = text.find(|it: char| !matches!(it, '0'..='9' | '_' | '.')).unwrap_or(text.len());
    text.split_at(digits)
}

/// The unit of this name; the empty one is that of a bare number.
pub(super) fn unit(name: &str) -> Option<Unit> {
    if name.is_empty() {
        return Some(Unit::NONE);
    }
    let Some((amount, time)) = name.split_once('/') else { return plain(name) };
    let time = duration(time)?;
    let amount = if amount.is_empty() { Unit::NONE } else { plain(amount)? };
    let dimension = match amount.dimension {
        Dimension::Number => Dimension::Rate,
        Dimension::Size => Dimension::Throughput,
        Dimension::Percent => Dimension::Growth,
        Dimension::Duration => Dimension::TimeShare,
        _ => return None,
    };
    Some(Unit::new(dimension, amount.exponent - time.exponent, amount.factor / time.factor))
}

fn plain(name: &str) -> Option<Unit> {
    if name == "%" {
        return Some(Unit::new(Dimension::Percent, -2, 1.0));
    }
    if let Some((_, exponent)) = MULTIPLES.iter().find(|it| it.0 == name) {
        return Some(Unit::new(Dimension::Number, *exponent, 1.0));
    }
    if let Some((_, exponent, factor)) = SIZES.iter().find(|it| it.0 == name) {
        return Some(Unit::new(Dimension::Size, *exponent, *factor));
    }
    if let Some((_, exponent)) = BITS.iter().find(|it| it.0 == name) {
        return Some(Unit::new(Dimension::Throughput, *exponent, 0.125));
    }
    duration(name)
}

fn duration(name: &str) -> Option<Unit> {
    let (_, exponent, factor) = TIMES.iter().find(|it| it.0 == name)?;
    Some(Unit::new(Dimension::Duration, *exponent, *factor))
}

/// The number in the base unit; nothing where it is beyond what can be counted.
pub(super) fn quantity(number: &str, unit: Unit) -> Option<Quantity> {
    let amount = decimal(number, unit.exponent).parse::<f64>().ok()? * unit.factor;
    amount.is_finite().then_some(Quantity { amount, dimension: unit.dimension })
}

/// The number without `_`, and with the power of ten that its unit adds.
fn decimal(number: &str, exponent: i32) -> Cow<'_, str> {
    if exponent == 0 && !number.contains('_') {
        return Cow::Borrowed(number);
    }
    let mut decimal = number.replace('_', "");
    if exponent != 0 {
        let _ = write!(decimal, "e{exponent}");
    }
    Cow::Owned(decimal)
}

/// The unit that was meant, if it can be guessed.
pub(super) fn nearest(name: &str) -> Option<String> {
    let Some((amount, time)) = name.split_once('/') else { return nearest_plain(name) };
    let amount =
        if amount.is_empty() || plain(amount).is_some() { amount.to_owned() } else { nearest_plain(amount)? };
    let time = if duration(time).is_some() { time.to_owned() } else { nearest_plain(time)? };
    let guess = format!("{amount}/{time}");
    unit(&guess).map(|_| guess)
}

/// The unit that people write so, where nothing has to be guessed but its case.
pub(super) fn usual(name: &str) -> Option<&'static str> {
    if let Some((_, meant)) = SLIPS.iter().find(|it| it.0 == name) {
        return Some(meant);
    }
    // `2S`: of the units that are written so but for their case, the only one. An `m` may be minutes, months or millions.
    let mut alike = names().filter(|it| it.eq_ignore_ascii_case(name) && name != "m");
    alike.next().filter(|_| alike.next().is_none())
}

fn nearest_plain(name: &str) -> Option<String> {
    if let Some(meant) = usual(name) {
        return Some(meant.to_owned());
    }
    if name.chars().count() < 2 {
        return None;
    }
    names()
        .filter(|it| it.len() > 1)
        .map(|it| (strsim::osa_distance(name, it), it))
        .filter(|(distance, _)| *distance == 1)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, it)| it.to_owned())
}

fn names() -> impl Iterator<Item = &'static str> {
    let times = TIMES.iter().map(|it| it.0);
    let sizes = SIZES.iter().map(|it| it.0);
    let multiples = MULTIPLES.iter().map(|it| it.0);
    let bits = BITS.iter().map(|it| it.0);
    times.chain(sizes).chain(multiples).chain(bits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (f64, Dimension) {
        let (number, name) = split(text);
        let quantity = quantity(number, unit(name).expect(text)).expect(text);
        (quantity.amount, quantity.dimension)
    }

    #[test]
    fn figures_are_kept_in_the_base_unit_of_what_they_measure() {
        use Dimension::{Duration, Growth, Number, Percent, Rate, Size, Throughput, TimeShare};
        for (text, amount, dimension) in [
            ("6", 6.0, Number),
            ("1.5M", 1.5e6, Number),
            ("10_000", 1e4, Number),
            ("2bn", 2e9, Number),
            ("3G", 3e9, Number),
            ("1T", 1e12, Number),
            ("99.9%", 0.999, Percent),
            ("99.95%", 0.9995, Percent),
            ("99.995%", 0.99995, Percent),
            ("5ns", 5e-9, Duration),
            ("7us", 7e-6, Duration),
            ("200ms", 0.2, Duration),
            ("5min", 300.0, Duration),
            ("1h", 3600.0, Duration),
            ("1day", 86_400.0, Duration),
            ("2week", 1_209_600.0, Duration),
            ("1month", 2_592_000.0, Duration),
            ("5y", 157_680_000.0, Duration),
            ("365B", 365.0, Size),
            ("1.27KB", 1270.0, Size),
            ("1.5GiB", 1_610_612_736.0, Size),
            ("2k/s", 2000.0, Rate),
            ("864/day", 0.01, Rate),
            ("5/ms", 5000.0, Rate),
            ("2592GB/month", 1e6, Throughput),
            ("100Mbps", 12.5e6, Throughput),
            ("8kbps", 1000.0, Throughput),
            ("1Gbps", 125e6, Throughput),
            ("365%/year", 3.65 / 31_536_000.0, Growth),
            ("864s/day", 0.01, TimeShare),
        ] {
            let (found, found_dimension) = read(text);
            assert_eq!(found_dimension, dimension, "{text}");
            assert!((found - amount).abs() <= amount * 1e-15, "{text}: {found} is not {amount}");
        }
    }

    #[test]
    fn a_percentage_is_the_nearest_float_to_the_decimal_that_is_written() {
        for (text, share) in [("99.9%", 0.999), ("99.99%", 0.9999), ("99.999%", 0.99999), ("0.1%", 0.001)] {
            assert_eq!(read(text).0.to_bits(), f64::to_bits(share), "{text}");
        }
    }

    #[test]
    fn what_is_no_unit_is_refused_and_the_one_meant_is_guessed() {
        for (wrong, meant) in [
            ("K", Some("k")),
            ("secs", Some("s")),
            ("gb", Some("GB")),
            ("GB/mon", Some("GB/month")),
            ("k/sec", Some("k/s")),
            ("qps", Some("/s")),
            ("Mbsp", Some("Mbps")),
            ("S", Some("s")),
            ("MS", Some("ms")),
            ("GIB", Some("GiB")),
            ("m", None),
            ("parsec", None),
        ] {
            assert!(unit(wrong).is_none(), "{wrong}");
            assert_eq!(nearest(wrong).as_deref(), meant, "{wrong}");
        }
        assert!(unit("Mbps/s").is_none());
        assert!(unit("k/GB").is_none());
    }
}
