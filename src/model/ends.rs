//! Ranges of figures: a design is read at their worse ends, and once more at their milder ones, which makes an
//! interval of every result.

use super::property::{Entry, Statement, Value, Worse};
use super::{Architecture, Bearer, Properties, Property};

impl Entry {
    /// Whether a range of figures is stated, with both its ends.
    ///
    /// A range of replicas is none: its lower end counts for availability, its upper for load.
    fn is_range(&self) -> bool {
        let Statement::Value(Value::Figure { low, high, .. }) = self.statement else { return false };
        self.property != Property::Replicas && low < high && high.is_finite()
    }

    /// The range as its milder end alone.
    fn settle(&mut self) {
        let Statement::Value(Value::Figure { low, high, .. }) = &mut self.statement else { return };
        match self.property.definition().worse {
            Worse::Low => *low = *high,
            Worse::High => *high = *low,
        }
    }
}

impl Properties {
    /// The properties of which a range is stated.
    pub fn ranges(&self) -> impl Iterator<Item = &Entry> {
        self.iter().filter(|entry| entry.is_range())
    }

    fn settle(&mut self) {
        for entry in self.entries_mut().filter(|entry| entry.is_range()) {
            entry.settle();
        }
    }
}

impl Architecture {
    /// All that states a range of figures, with what it states.
    pub fn ranges(&self) -> impl Iterator<Item = (Bearer<'_>, &Entry)> {
        self.bearers().flat_map(|bearer| bearer.properties().ranges().map(move |entry| (bearer, entry)))
    }

    /// The design with the milder end of every range; none where it states no range.
    ///
    /// Every result grows or falls with each figure, so those of both readings are the ends of its interval.
    pub fn at_milder_ends(&self) -> Option<Self> {
        self.ranges().next()?;
        let mut milder = self.clone();
        milder.properties_mut().for_each(Properties::settle);
        Some(milder)
    }
}
