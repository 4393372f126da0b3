//! A company's own parameters: what is reckoned with, where a design states nothing, in the place of the catalogue's
//! figures.

use crate::catalogue::{Parameter, Parameters};
use crate::source::{SourceFile, Span};

/// A parameter that a company sets.
#[derive(Clone, Debug)]
pub struct Override {
    /// Which.
    pub parameter: &'static Parameter,
    /// To what, in its base unit.
    pub value: f64,
    /// Where that is written: the value alone.
    pub span: Span,
    /// The file that the span is of.
    pub file: SourceFile,
}

impl Override {
    /// The parameters with these set.
    pub fn all(overrides: &[Self]) -> Parameters {
        let mut parameters = Parameters::default();
        for it in overrides {
            parameters.set(it.parameter, it.value);
        }
        parameters
    }
}
