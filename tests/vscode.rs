//! The extension for VS Code: its grammar by VS Code's own engine, its picture, and all of it in the editor itself, driven in
//! a browser. `tests/run` installs what that needs into `target/vscode`; what was seen stands in `target/screenshots`.

use std::path::Path;
use std::process::Command;

#[test]
fn the_extension_in_the_editor_itself() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let installed = root.join("target/vscode/installed");
    assert!(installed.exists(), "{} is missing: `tests/run` installs it", installed.display());
    let mut command = Command::new("npm");
    command.args(["test", "--silent"]).current_dir(root.join("editors/vscode"));
    let output = command.env("LOADPATH", env!("CARGO_BIN_EXE_loadpath")).output().expect("npm starts");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
}
