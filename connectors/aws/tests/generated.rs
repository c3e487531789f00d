//! Whether the generated files are what the catalogue and the service models give.

use std::{path::Path, process::Command};

#[test]
fn shapes_and_fixtures_are_what_the_catalogue_and_the_models_give() {
    let python = std::env::var_os("CARVEOUT_PYTHON").unwrap_or_else(|| {
        panic!(
            "CARVEOUT_PYTHON is not set: run `cargo xtask test`, or set it to a Python that has the botocore of \
             tests/requirements.txt"
        )
    });
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("generate.py");
    let ran = Command::new(&python).arg(program).arg("--check").output();
    let ran = ran.unwrap_or_else(|error| panic!("can't start {}: {error}", python.display()));
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
}
