//! The page of a scoping session in a real browser.

use std::{
    path::PathBuf,
    process::Command,
    sync::{Mutex, MutexGuard, PoisonError},
};

use carveout_tests::{Served, Workspace, copy_of_demo, demo, import_vendors, python};
use serde_json::{Value, json};

fn script() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("browser/serve_page.py")
}

/// What a browser saw of a workspace's page.
fn looked_at(workspace: &Workspace, toggles: usize) -> Value {
    let served = Served::start(workspace, "127.0.0.1", &[]);
    let folder = workspace.path("demo");
    let output = Command::new(python())
        .arg(script())
        .args([served.url(), toggles.to_string()])
        .current_dir(folder)
        .output()
        .expect("Python can be started");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    served.stop().expect(0);
    serde_json::from_slice(&output.stdout).expect("JSON")
}

#[track_caller]
fn is_usable(seen: &Value) {
    for name in ["errors", "outside", "violations", "wider"] {
        assert_eq!(seen[name], json!([]), "{name}");
    }
    let text = |name: &str| seen[name].as_str().unwrap_or_else(|| panic!("no {name}: {seen}")).to_owned();
    assert!(text("said").contains("hours") && text("said").contains("than before"), "{}", text("said"));
    assert!(text("summary").contains("left out: "), "{}", text("summary"));
    assert!(text("why").contains("Evidence") && text("why").contains("AssumeRolePolicyDocument.Statement[0]"));
    assert_eq!((&seen["focus_in_details"], text("focus_comes_back").as_str()), (&json!(true), "Datadog"));
    assert_eq!((text("tab_by_arrow").as_str(), &seen["tab_stops_in_heat"]), ("tab-heat", &json!(1)));
    assert!(text("cell").contains(" at ") && seen["colours"].as_u64() >= Some(3), "{seen}");
    assert!(text("obligation").contains("Owner"), "{}", text("obligation"));
    assert!(seen["failing"].as_u64() > Some(0) && text("gaps").contains("gaps"));
    assert_eq!((&seen["toggles"], &seen["modes"]), (&json!(6), &json!(4)));
    assert!(text("saved").contains(&format!("without = [\"{}\"]", text("left_out"))), "{}", text("saved"));
    assert!(text("compared").contains("Evidence requests") && text("compared").contains("out of scope"));
    assert!(text("problem").contains("is no scenario"), "{}", text("problem"));
    assert_eq!(text("after_reload"), text("after_toggle"), "a reloaded page keeps the scenario");
    assert!(seen["graph_nodes"].as_u64() > Some(20), "the graph is drawn in its frame");
    assert_eq!(seen["printed"], json!(["parties", "heat", "gaps", "effort"]), "paper holds every panel");
}

/// The numbers follow an input within a tenth of a second, 95 times of 100.
#[track_caller]
fn is_fast(seen: &Value) {
    let rounds = seen["p95_ms"].as_array().expect("rounds").iter().filter_map(Value::as_f64);
    let best = rounds.fold(f64::MAX, f64::min);
    assert!(best <= 100.0, "p95 {} ms, median {} ms", seen["p95_ms"], seen["median_ms"]);
}

/// One browser at a time, and nothing else of ours beside it: what is measured is the page.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

#[test]
fn the_page_works_in_a_browser_with_the_keyboard_and_without_a_network() {
    let _alone = alone();
    let seen = looked_at(demo(), 20);
    is_usable(&seen);
    is_fast(&seen);
}

#[test]
fn with_five_hundred_third_parties_the_numbers_follow_at_once() {
    let _alone = alone();
    let workspace = copy_of_demo();
    import_vendors(&workspace, 460);
    let seen = looked_at(&workspace, 40);
    assert!(seen["parties"].as_u64() >= Some(500), "{}", seen["parties"]);
    is_usable(&seen);
    is_fast(&seen);
}
