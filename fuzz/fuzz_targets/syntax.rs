//! Any text gives diagnostics inside of it; and what has none says the same when it is printed.
//!
//! ```sh
//! RUSTC_BOOTSTRAP=1 cargo fuzz run syntax fuzz/corpus/syntax tests/syntax/designs
//! ```

#![no_main]

use libfuzzer_sys::fuzz_target;
use loadpath::source::FileId;
use loadpath::syntax::{format, parse};

#[path = "../../tests/syntax/render.rs"]
mod render;

fuzz_target!(|text: &str| {
    let (file, errors) = parse(FileId(0), text);
    for error in &errors {
        assert!(text.get(error.span.range()).is_some(), "{error:?} points outside of the text");
        if let Some(fix) = &error.fix {
            assert!(text.get(fix.span.range()).is_some(), "{error:?} mends outside of the text");
        }
    }
    let printed = match format(text) {
        Ok(printed) => printed,
        Err(found) => {
            assert_eq!(found, errors);
            return;
        }
    };
    assert_eq!(errors, []);
    let (again, errors) = parse(FileId(0), &printed);
    assert_eq!(errors, [], "{printed}");
    assert_eq!(render::file(&again), render::file(&file), "{printed}");
    assert_eq!(format(&printed), Ok(printed.clone()));
});
