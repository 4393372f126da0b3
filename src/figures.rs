//! Figures as people read them: percentages with as many nines as it takes, times, rates, sizes, all with few
//! digits. Whoever needs every digit reads the JSON.

use std::fmt;

use crate::quantity::{Duration, Rate, Size, Throughput};

/// Seconds, minutes, hours and days in seconds.
const MINUTE: f64 = 60.0;
const HOUR: f64 = 60.0 * MINUTE;
const DAY: f64 = 24.0 * HOUR;
const YEAR: f64 = 365.0 * DAY;

/// A number with three digits that count, thousands apart: `0.0125`, `4.2`, `6 944`, `1.2M`.
pub fn number(value: f64) -> String {
    number_to(value, 0)
}

/// The same with at least so many digits that count.
pub fn number_to(value: f64, digits: i32) -> String {
    let digits = digits.max(3);
    if !value.is_finite() {
        return "∞".to_owned();
    }
    let size = value.abs();
    if size >= 1e5 {
        let (unit, name) = [(1e9, "bn"), (1e6, "M"), (1e3, "k")]
            .into_iter()
            .find(|(unit, _)| rounds_to_at_least(size, *unit))
            .unwrap_or((1.0, ""));
        // Past hundred thousand billions nobody has a word.
        if rounds_to_at_least(size, 1e14) {
            let exponent = (size / 0.9995).log10().floor();
            return format!("{}e{exponent}", significant(value / 10_f64.powf(exponent), digits));
        }
        if rounds_to_at_least(size, 1e12) {
            return format!("{}{name}", number_to(value / unit, digits));
        }
        return format!("{}{name}", significant(value / unit, digits));
    }
    // Whole digits are never rounded away: 6 944 a second is as plain as 6 940.
    match significant(value, digits).split_once('.') {
        _ if size >= 100.0 && digits == 3 => grouped(value.round()),
        Some((whole, part)) if size >= 1000.0 => {
            format!("{}.{part}", grouped(whole.parse().unwrap_or(value)))
        }
        _ if size >= 1000.0 => grouped(value.round()),
        _ => significant(value, digits),
    }
}

/// The same, rounded one way.
fn bounded_number(value: f64, rounded: fn(f64) -> f64) -> String {
    let units = [1e9, 1e6, 1e3];
    let is_named = |unit: &f64| value.abs() >= 1e5 && rounds_to_at_least(value.abs(), *unit);
    let unit = units.into_iter().find(is_named).unwrap_or(1.0);
    number(rounded_to(value / unit, 3, rounded) * unit)
}

/// A share as a percentage with three digits of what is missing to one: `99.9546%`, `99%`, `100%`.
pub fn availability(share: f64) -> String {
    availability_to(share, 0)
}

/// The same with at least so many digits of what is missing to one.
pub fn availability_to(share: f64, digits: i32) -> String {
    // What rounding leaves of nothing is nothing, on either side of it.
    if share.abs() < 1e-12 {
        return "0%".to_owned();
    }
    let missing = (1.0 - share) * 100.0;
    if missing.abs() < 1e-10 {
        return "100%".to_owned();
    }
    let places = (digits.max(3) - 1 - missing.abs().log10().floor() as i32).clamp(0, 12) as usize;
    format!("{}%", trimmed(&format!("{:.places$}", share * 100.0)))
}

/// A lower bound of an availability: what is written is never more than it is.
pub fn availability_at_least(share: f64) -> String {
    bounded_availability(share, f64::ceil)
}

/// An upper bound of an availability: what is written is never less than it is.
pub fn availability_at_most(share: f64) -> String {
    bounded_availability(share, f64::floor)
}

fn bounded_availability(share: f64, rounded: fn(f64) -> f64) -> String {
    let missing = (1.0 - share) * 100.0;
    // What is missing is rounded the other way.
    availability(1.0 - rounded_to(missing, 3, rounded) / 100.0)
}

/// What an availability would be, and whether that is less than is asked: `99.95%, still short of 99.99%`.
pub fn reached(availability: f64, asked: Option<f64>) -> String {
    let reached = self::availability(availability);
    match asked.filter(|asked| availability < *asked) {
        Some(asked) => {
            let [reached, asked] = apart_by(availability, asked, availability_to);
            format!("{reached}, still short of {asked}")
        }
        None => reached,
    }
}

/// A share as a percentage with three digits: `12.9%`, `116%`, `0.04%`.
pub fn percent(share: f64) -> String {
    percent_to(share, 0)
}

/// The same with at least so many digits.
pub fn percent_to(share: f64, digits: i32) -> String {
    format!("{}%", number_to(share * 100.0, digits))
}

/// A share of something rough as a percentage with two digits: `13%`, `0.35%`, `less than 0.01%`.
pub fn roughly(share: f64) -> String {
    if !share.is_finite() || share == 0.0 {
        return percent(share);
    }
    if share > 0.0 && share < LEAST_SHARE {
        return format!("less than {}", percent(LEAST_SHARE));
    }
    let unit = 10_f64.powi(share.abs().log10().floor() as i32 - 1);
    percent((share / unit).round() * unit)
}

/// Smaller shares of something rough are all alike to a reader.
const LEAST_SHARE: f64 = 0.0001;

/// Seconds in the unit that reads best: `200 ms`, `48 min`, `2.5 h`, `4 days`; two digits of what is computed, and a
/// third where that is all there is: `1.25 s`.
pub fn duration(seconds: f64) -> String {
    duration_to(seconds, 0)
}

/// A lower bound: what is written is never more than it is.
pub fn duration_at_least(seconds: f64) -> String {
    duration_at_least_to(seconds, 3)
}

/// The same with at least so many digits.
pub fn duration_at_least_to(seconds: f64, digits: i32) -> String {
    written_duration(seconds, digits, f64::floor)
}

/// What would be left of a time, and whether that is longer than is asked: `at least 330 ms are left, still over the 200
/// ms asked`; a lower bound says that it is one.
pub fn time_left(left: Duration, asked: Duration, is_lower_bound: bool) -> String {
    let write = if is_lower_bound { duration_at_least_to } else { duration_to };
    let least = if is_lower_bound { "at least " } else { "" };
    if left <= asked * (1.0 + 1e-9) {
        return format!("{least}{} are left", write(left.seconds(), 0));
    }
    let [left, asked] = apart_by(left.seconds(), asked.seconds(), write);
    format!("{least}{left} are left, still over the {asked} asked")
}

/// An upper bound: what is written is never less than it is.
pub fn duration_at_most(seconds: f64) -> String {
    written_duration(seconds, 3, f64::ceil)
}

fn duration_to(seconds: f64, digits: i32) -> String {
    written_duration(seconds, digits, f64::round)
}

fn written_duration(seconds: f64, digits: i32, rounded: impl Fn(f64) -> f64) -> String {
    if !seconds.is_finite() {
        return "unlimited time".to_owned();
    }
    if seconds == 0.0 {
        return "0 s".to_owned();
    }
    let units = [(YEAR, "year"), (DAY, "day"), (HOUR, "h"), (MINUTE, "min"), (1.0, "s"), (1e-3, "ms")];
    // A unit is taken from two of it on where it is a long one: 36 h, not 1.5 days; and parts of a millisecond
    // are read more easily than hundreds of microseconds.
    let from = |unit: f64| match unit {
        _ if unit >= HOUR => 2.0 * unit,
        _ if unit < 1.0 => unit / 10.0,
        _ => unit,
    };
    let is_taken = |unit: f64| rounds_to_at_least(seconds, from(unit));
    let (unit, name) = units.into_iter().find(|(unit, _)| is_taken(*unit)).unwrap_or((1e-6, "us"));
    let amount = seconds / unit;
    let amount = match digits.max(2) {
        2 if is_written_with(amount, 3) => significant(amount, 3),
        digits => significant(rounded_to(amount, digits, rounded), digits),
    };
    match name {
        "year" | "day" if amount != "1" => format!("{amount} {name}s"),
        _ => format!("{amount} {name}"),
    }
}

/// Minutes of downtime, always as minutes so that they compare: `435 min`, `19.9 min`, `0.43 min`.
pub fn minutes(minutes: f64) -> String {
    format!("{} min", number(minutes))
}

/// An upper bound of a downtime: what is written is never less than it is.
pub fn minutes_at_most(minutes: f64) -> String {
    format!("{} min", bounded_number(minutes, f64::ceil))
}

/// An amount a second, or in the shortest longer time in which it is at least one: `6 944/s`, `40/h`.
pub fn rate(per_second: f64) -> String {
    rate_to(per_second, 0)
}

/// The same with at least so many digits that count.
pub fn rate_to(per_second: f64, digits: i32) -> String {
    written_rate(per_second, |amount| number_to(amount, digits))
}

/// A lower bound of a rate: what is written is never more than it is.
pub fn rate_at_least(per_second: f64) -> String {
    written_rate(per_second, |amount| bounded_number(amount, f64::floor))
}

fn written_rate(per_second: f64, written: impl Fn(f64) -> String) -> String {
    let units = [(1.0, "s"), (MINUTE, "min"), (HOUR, "h"), (DAY, "day"), (30.0 * DAY, "month")];
    // Nothing is nothing in any time.
    if per_second == 0.0 {
        return "0/s".to_owned();
    }
    let (unit, name) = units
        .into_iter()
        .find(|(unit, _)| rounds_to_at_least(per_second * unit, 1.0))
        .unwrap_or((YEAR, "year"));
    format!("{}/{name}", written(per_second * unit))
}

/// Bytes, in decimal units: `500 B`, `12.7 GB`, `5.4 PB`.
pub fn size(bytes: f64) -> String {
    size_to(bytes, 0)
}

/// The same with at least so many digits that count.
pub fn size_to(bytes: f64, digits: i32) -> String {
    written_size(bytes, |amount| number_to(amount, digits))
}

/// An upper bound of a size: what is written is never less than it is.
pub fn size_at_most(bytes: f64) -> String {
    written_size(bytes, |amount| bounded_number(amount, f64::ceil))
}

fn written_size(bytes: f64, written: impl Fn(f64) -> String) -> String {
    let units = [(1e15, "PB"), (1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "KB")];
    let (unit, name) =
        units.into_iter().find(|(unit, _)| rounds_to_at_least(bytes, *unit)).unwrap_or((1.0, "B"));
    format!("{} {name}", written(bytes / unit))
}

/// Bytes a second: `12.7 MB/s`.
pub fn throughput(bytes_per_second: f64) -> String {
    format!("{}/s", size(bytes_per_second))
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&rate(self.per_second()))
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&duration(self.seconds()))
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&size(self.bytes()))
    }
}

impl fmt::Display for Throughput {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&throughput(self.bytes_per_second()))
    }
}

/// So many digits are written at most to tell two figures apart.
const MOST_DIGITS: i32 = 5;

/// Two figures of one sentence with as many digits as it takes to tell them apart, as far as five do: that `1 s` is more
/// than `1 s` convinces nobody.
pub fn apart_by(one: f64, other: f64, write: impl Fn(f64, i32) -> String) -> [String; 2] {
    let written = |digits| [write(one, digits), write(other, digits)];
    let is_apart = |[one, other]: &[String; 2]| one != other;
    let usual = written(0);
    if is_apart(&usual) || one.to_bits() == other.to_bits() {
        return usual;
    }
    (3..=MOST_DIGITS).map(written).find(is_apart).unwrap_or(usual)
}

/// Two quantities of one sentence, told apart in the same way.
pub fn apart<Q: Written>(one: Q, other: Q) -> [String; 2] {
    apart_by(one.in_base_units(), other.in_base_units(), Q::written)
}

/// A quantity that can be written with more digits than usual.
pub trait Written: Copy {
    /// In seconds, bytes, or a second.
    fn in_base_units(self) -> f64;

    /// With at least so many digits that count.
    fn written(in_base_units: f64, digits: i32) -> String;
}

impl Written for Rate {
    fn in_base_units(self) -> f64 {
        self.per_second()
    }

    fn written(per_second: f64, digits: i32) -> String {
        rate_to(per_second, digits)
    }
}

impl Written for Duration {
    fn in_base_units(self) -> f64 {
        self.seconds()
    }

    fn written(seconds: f64, digits: i32) -> String {
        duration_to(seconds, digits)
    }
}

impl Written for Size {
    fn in_base_units(self) -> f64 {
        self.bytes()
    }

    fn written(bytes: f64, digits: i32) -> String {
        size_to(bytes, digits)
    }
}

impl Written for Throughput {
    fn in_base_units(self) -> f64 {
        self.bytes_per_second()
    }

    fn written(bytes_per_second: f64, digits: i32) -> String {
        format!("{}/s", size_to(bytes_per_second, digits))
    }
}

/// So many of something: `1 queue`, `3 queues`.
pub fn count(amount: usize, one: &str, many: &str) -> String {
    format!("{} {}", grouped(amount as f64), if amount == 1 { one } else { many })
}

/// Whether a word goes on with the figure before it: its unit, or its next thousand.
pub fn goes_with(figure: &str, word: &str) -> bool {
    const UNITS: [&str; 16] = [
        "us", "ms", "s", "min", "h", "day", "days", "year", "years", "B", "KB", "MB", "GB", "TB", "PB", "bn",
    ];
    if !figure.ends_with(|it: char| it.is_ascii_digit()) {
        return false;
    }
    let is_punctuation = |it: char| matches!(it, '.' | ',' | ';' | ':' | ')' | '`');
    let unit = word.trim_end_matches(is_punctuation).split('/').next().unwrap_or_default();
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    UNITS.contains(&unit) || digits == 3 && figure.len() <= 20
}

/// Names in a sentence, at most so many: `a`, `b` and `c`, or `a`, `b` and 3 more.
pub fn listed<T: std::fmt::Display>(names: &[T], most: usize) -> String {
    let quoted = |names: &[T]| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    match names {
        _ if names.len() > most => format!("{} and {} more", quoted(&names[..most]), names.len() - most),
        [first @ .., last] if !first.is_empty() => format!("{} and `{last}`", quoted(first)),
        _ => quoted(names),
    }
}

/// Whether it is written as at least so much with three digits: 999.96 is a thousand.
fn rounds_to_at_least(value: f64, unit: f64) -> bool {
    value >= unit * 0.9995
}

/// Whether so many digits are all that a figure has.
fn is_written_with(value: f64, digits: i32) -> bool {
    (rounded_to(value, digits, f64::round) - value).abs() <= value.abs() * 1e-9
}

/// A figure with so many digits that count.
fn rounded_to(value: f64, digits: i32, rounded: impl Fn(f64) -> f64) -> f64 {
    if value == 0.0 {
        return value;
    }
    let places = digits - 1 - value.abs().log10().floor() as i32;
    // Whole digits are never rounded away.
    let unit = 10_f64.powi(places.max(0));
    let scaled = value * unit;
    // A figure that has so many digits already must not lose its last to a binary place.
    if (scaled - scaled.round()).abs() < 1e-9 * scaled.abs() { value } else { rounded(scaled) / unit }
}

/// So many digits that count, without trailing zeros.
fn significant(value: f64, digits: i32) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let places = (digits - 1 - value.abs().log10().floor() as i32).clamp(0, 12) as usize;
    trimmed(&format!("{value:.places$}")).to_owned()
}

fn trimmed(digits: &str) -> &str {
    if digits.contains('.') { digits.trim_end_matches('0').trim_end_matches('.') } else { digits }
}

/// A whole number with its thousands apart.
fn grouped(value: f64) -> String {
    let digits = format!("{value:.0}");
    if digits.trim_start_matches('-').len() < 4 {
        return digits;
    }
    let mut shown = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) && !shown.ends_with('-') {
            shown.push(' ');
        }
        shown.push(digit);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentage_has_as_many_nines_as_it_takes() {
        assert_eq!(availability(0.999_545_6), "99.9546%");
        assert_eq!(availability(0.999), "99.9%");
        assert_eq!(availability(0.999_999_987_5), "99.99999875%");
        assert_eq!(availability(0.99), "99%");
        assert_eq!(availability(1.0), "100%");
        assert_eq!(availability(0.0), "0%");
        assert_eq!(availability(-1e-16), "0%");
        assert_eq!(percent(0.1286), "12.9%");
        assert_eq!(percent(1.1597), "116%");
        assert_eq!(roughly(0.003_47), "0.35%");
        assert_eq!(roughly(0.1285), "13%");
        assert_eq!(roughly(0.0), "0%");
        assert_eq!(roughly(0.000_1), "0.01%");
        assert_eq!(roughly(0.000_000_043), "less than 0.01%");
    }

    #[test]
    fn numbers_nobody_has_a_word_for_are_powers_of_ten() {
        assert_eq!(number(2.592e11), "259bn");
        assert_eq!(number(2.592e12), "2 592bn");
        assert_eq!(number(-9.9e13), "-99 000bn");
        assert_eq!(number(9.999_9e13), "1e14");
        assert_eq!(number(2.592e14), "2.59e14");
        assert_eq!(number(1e300), "1e300");
    }

    #[test]
    fn times_take_the_unit_that_reads_best() {
        assert_eq!(duration(0.0005), "0.5 ms");
        assert_eq!(duration(0.000_05), "50 us");
        assert_eq!(duration(0.2), "200 ms");
        assert_eq!(duration(30.0), "30 s");
        assert_eq!(duration(2880.0), "48 min");
        assert_eq!(duration(5400.0), "90 min");
        assert_eq!(duration(7200.0), "2 h");
        assert_eq!(duration(345_600.0), "4 days");
        assert_eq!(duration(5.0 * YEAR), "5 years");
        assert_eq!(duration(f64::INFINITY), "unlimited time");
        assert_eq!(duration(0.0), "0 s");
        assert_eq!(duration(1.25), "1.25 s");
        assert_eq!(duration(55.56 * 60.0), "56 min");
    }

    #[test]
    fn bounds_are_never_rounded_over() {
        assert_eq!(duration_at_least(0.025_56), "25.5 ms");
        assert_eq!(duration_at_least(0.025_5), "25.5 ms");
        assert_eq!(duration_at_most(0.025_12), "25.2 ms");
        assert_eq!(duration_at_least(0.3), "300 ms");
        assert_eq!(duration_at_most(1.1), "1.1 s");
        assert_eq!(duration_at_least(125.9), "2.09 min");
        assert_eq!(duration_at_most(0.0), "0 s");
        assert_eq!(minutes_at_most(12.34), "12.4 min");
        assert_eq!(minutes_at_most(435.2), "436 min");
        assert_eq!(rate_at_least(6943.6), "6 943/s");
        assert_eq!(rate_at_least(999_960.0), "999k/s");
        assert_eq!(rate_at_least(0.199_99), "11.9/min");
        assert_eq!(rate_at_least(20.0), "20/s");
        assert_eq!(size_at_most(12.71e9), "12.8 GB");
        assert_eq!(size_at_most(12.7e9), "12.7 GB");
        // 0.04563% and 0.04567% are missing.
        assert_eq!(availability_at_least(0.999_543_7), "99.9543%");
        assert_eq!(availability_at_most(0.999_543_3), "99.9544%");
        assert_eq!(availability_at_least(0.999), "99.9%");
        assert_eq!(availability_at_most(1.0), "100%");
        assert_eq!(availability_at_least(0.0), "0%");
    }

    /// Whatever the figure, a bound stands on its side of it: 1 + i ÷ 997 goes through all digits of each size.
    #[test]
    fn a_bound_is_on_its_side_of_what_it_bounds() {
        let unit = |name: &str| match name {
            "us" => 1e-6,
            "ms" => 1e-3,
            "s" => 1.0,
            "min" => MINUTE,
            "h" => HOUR,
            "day" | "days" => DAY,
            _ => YEAR,
        };
        let read = |text: String| {
            let (figure, name) = text.split_once(' ').expect("a figure and its unit");
            figure.parse::<f64>().expect("a figure") * unit(name)
        };
        for size in -6..9 {
            for at in 0..997 {
                let seconds = 10_f64.powi(size) * (1.0 + 9.0 * f64::from(at) / 997.0);
                let (least, most) = (duration_at_least(seconds), duration_at_most(seconds));
                let nearly = seconds * 1e-9;
                assert!(read(least.clone()) <= seconds + nearly, "{least} is over {seconds}");
                assert!(read(most.clone()) >= seconds - nearly, "{most} is under {seconds}");
            }
        }
    }

    #[test]
    fn what_is_left_of_a_time_says_whether_it_is_enough() {
        let [left, asked] = [0.33, 0.2].map(Duration::new);
        assert_eq!(time_left(left, asked, false), "330 ms are left, still over the 200 ms asked");
        assert_eq!(time_left(left, asked, true), "at least 330 ms are left, still over the 200 ms asked");
        assert_eq!(time_left(asked, left, false), "200 ms are left");
        assert_eq!(time_left(asked, asked, true), "at least 200 ms are left");
        let nearly = Duration::new(0.2004);
        assert_eq!(time_left(nearly, asked, false), "200.4 ms are left, still over the 200 ms asked");
    }

    #[test]
    fn rates_sizes_and_counts_have_few_digits() {
        assert_eq!(rate(6944.4), "6 944/s");
        assert_eq!(rate(173_611.0), "174k/s");
        assert_eq!(rate(0.2), "12/min");
        assert_eq!(rate(0.000_001), "2.59/month");
        assert_eq!(size(12.7e9), "12.7 GB");
        assert_eq!(size(999.96e6), "1 GB");
        assert_eq!(size(500.0), "500 B");
        assert_eq!(number(0.0125), "0.0125");
        assert_eq!(number(99_999.7), "100 000");
        assert_eq!(number(-12_345.0), "-12 345");
        assert_eq!(count(1, "queue", "queues"), "1 queue");
    }

    #[test]
    fn two_figures_have_as_many_digits_as_it_takes_to_tell_them_apart() {
        let seconds = |one, other| apart(Duration::new(one), Duration::new(other));
        assert_eq!(seconds(1.04, 1.0), ["1.04 s", "1 s"]);
        assert_eq!(seconds(1.0004, 1.0), ["1.0004 s", "1 s"]);
        assert_eq!(seconds(0.9997, 1.0), ["0.9997 s", "1 s"]);
        assert_eq!(seconds(1.4, 1.0), ["1.4 s", "1 s"]);
        assert_eq!(seconds(30.02, 30.0), ["30.02 s", "30 s"]);
        assert_eq!(seconds(5.0, 5.0), ["5 s", "5 s"]);
        // What five digits do not tell apart stays short.
        assert_eq!(seconds(1.000_000_1, 1.0), ["1 s", "1 s"]);
        assert_eq!(apart(Rate::new(2000.3), Rate::new(2000.0)), ["2 000.3/s", "2 000/s"]);
        assert_eq!(apart(Rate::new(174_210.0), Rate::new(174_000.0)), ["174.2k/s", "174k/s"]);
        assert_eq!(apart(Rate::new(500.4), Rate::new(500.0)), ["500.4/s", "500/s"]);
        assert_eq!(apart(Size::new(4.004e12), Size::new(4e12)), ["4.004 TB", "4 TB"]);
        assert_eq!(apart(Throughput::new(1.2504e6), Throughput::new(1.25e6)), ["1.2504 MB/s", "1.25 MB/s"]);
        assert_eq!(apart_by(0.999_499_9, 0.9995, availability_to), ["99.94999%", "99.95%"]);
        assert_eq!(apart_by(1.0004, 1.0, percent_to), ["100.04%", "100%"]);
        assert_eq!(apart_by(100_400.0, 100_000.0, number_to), ["100.4k", "100k"]);
    }

    #[test]
    fn a_figure_goes_with_its_unit_and_its_thousands() {
        assert!(goes_with("12.7", "GB/month"));
        assert!(goes_with("p99 ≥25", "ms,"));
        assert!(goes_with("2", "000/s"));
        assert!(goes_with("(1", "042/s)"));
        assert!(!goes_with("of", "200"));
        assert!(!goes_with("3", "replicas"));
        assert!(!goes_with("all", "s"));
    }

    #[test]
    fn names_are_listed_as_in_a_sentence() {
        assert_eq!(listed::<&str>(&[], 3), "");
        assert_eq!(listed(&["a"], 3), "`a`");
        assert_eq!(listed(&["a", "b"], 3), "`a` and `b`");
        assert_eq!(listed(&["a", "b", "c"], 3), "`a`, `b` and `c`");
        assert_eq!(listed(&["a", "b", "c", "d"], 2), "`a`, `b` and 2 more");
    }
}
