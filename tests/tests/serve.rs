//! `carveout serve`: what the page is answered, and what is refused. The page itself is in `serve_page.rs`.

use std::time::{Duration, Instant};

use carveout_tests::{Served, Workspace, copy_of_demo, demo, import_vendors};
use serde_json::{Value, json};

/// The measures of `scope size`, rounded as it prints them.
fn measure(workspace: &Workspace, more: &[&str], name: &str) -> f64 {
    let arguments = ["--config", "demo/carveout.toml", "scope", "size", "--format", "json"];
    let rows = workspace.carveout(arguments.iter().chain(more)).expect(0).rows();
    let row = rows.iter().find(|row| row["measure"] == name).unwrap_or_else(|| panic!("no {name}"));
    row["value"].as_f64().expect("a number")
}

#[test]
fn the_session_says_what_the_command_line_says() {
    let workspace = copy_of_demo();
    let served = Served::start(&workspace, "127.0.0.1", &[]);
    let estate = served.get("/api/estate");
    assert_eq!(estate["organization"], "acme");
    assert!(estate["unread"].as_array().expect("a list").iter().any(|place| place["status"] == "denied"));
    let mut scenario = estate["scenario"].clone();
    scenario["without"] = json!(["snowflake"]);
    scenario["inclusive"] = json!(["datadog"]);
    scenario["name"] = json!("Without Snowflake");
    scenario["overrides"] = json!([{ "criterion": "CC6.6", "owner": "customer", "reason": "we \"said\" so" }]);
    let size = served.ask("/api/size", &json!({ "scenario": scenario }));

    let written = served.ask("/api/scenario/write", &json!({ "scenario": scenario }));
    assert_eq!(written["file"], "without-snowflake.toml");
    workspace.write("saved.toml", written["text"].as_str().expect("a text"));
    for name in ["real_size", "evidence_requests", "vendor_assessments"] {
        let said = measure(&workspace, &["--scenario", "saved.toml"], name);
        assert_eq!(size["sizing"][name].as_f64(), Some(said), "{name}");
    }
    let p90 = size["percentiles"]["p90"].as_f64().expect("hours").round();
    assert_eq!(p90, measure(&workspace, &["--scenario", "saved.toml"], "hours_p90"));

    let read = served.ask("/api/scenario/read", &json!({ "name": "saved.toml", "text": written["text"] }));
    assert_eq!(read["scenario"], scenario, "a file says all that the page said");
    let why = served.ask("/api/why", &json!({ "party": "datadog", "most": 5 }));
    let evidence = why["why"]["evidence"].as_array().expect("rows");
    assert!(
        evidence.len() == 5 && why["has_more"] == true && evidence.iter().all(|row| row["path"].is_string()),
        "{why}"
    );
    served.stop().expect(0);
}

#[test]
fn what_is_wrong_is_said_with_what_to_do() {
    let served = Served::start(demo(), "127.0.0.1", &[]);
    for (path, asked, message) in [
        ("/api/size", "{", "not understood"),
        ("/api/size", r#"{"scenario": {"categories": ["privacy"]}}"#, "security"),
        ("/api/size", r#"{"scenario": {"period": {"start": "2026-12-31", "end": "2026-01-01"}}}"#, "before it starts"),
        ("/api/size", r#"{"scenario": {"shell": "rm"}}"#, "shell"),
        ("/api/why", r#"{"party": "'; DROP TABLE parties.evidence; --", "most": 1}"#, "no third party has the id"),
        ("/api/scenario/read", r#"{"name": "x.toml", "text": "without = 1"}"#, "line 1"),
    ] {
        let (status, body) = served.request("POST", path, &[], asked);
        assert!(status == 400 && body.contains(message), "{path} {asked}: {status} {body}");
    }
    let warned = json!({ "name": "x.toml", "text": "without = [\"nobody\"]\nframeworks_in_place = [\"made-up\"]" });
    let warnings = served.ask("/api/scenario/read", &warned)["warnings"].to_string();
    assert!(warnings.contains("nobody") && warnings.contains("made-up"), "{warnings}");
    served.stop().expect(0);
}

#[test]
fn other_names_other_sites_and_other_files_are_refused() {
    let served = Served::start(demo(), "127.0.0.1", &[]);
    let status = |method, path, headers: &[(&str, &str)], body: &str| served.request(method, path, headers, body).0;
    assert_eq!(status("GET", "/api/estate", &[("Host", "rebound.example")], ""), 421);
    assert_eq!(status("POST", "/api/size", &[("Origin", "http://evil.example")], "{}"), 403);
    assert_eq!(status("GET", "/api/estate", &[("Sec-Fetch-Site", "cross-site")], ""), 403);
    assert_eq!(status("POST", "/api/size", &[("Content-Type", "text/plain")], "{}"), 415);
    assert_eq!(status("GET", "/../demo/acme.duckdb.key", &[], ""), 404);
    assert_eq!(status("GET", "/acme.duckdb", &[], ""), 404);
    assert_eq!(status("POST", "/api/size", &[], &"x".repeat(2 << 20)), 413);
    assert_eq!(status("GET", "/", &[], ""), 200);
    served.stop().expect(0);
}

#[test]
fn a_newer_run_is_told_and_loaded_when_it_is_asked_for() {
    let workspace = copy_of_demo();
    let served = Served::start(&workspace, "127.0.0.1", &[]);
    let estate = served.get("/api/estate");
    let parties = |estate: &Value| estate["parties"].as_array().expect("a list").len();
    assert_eq!(served.get("/api/run")["is_outdated"], false);
    let asked = json!({ "scenario": estate["scenario"] });
    let size = served.ask("/api/size", &asked);

    import_vendors(&workspace, 3);
    assert_eq!(served.get("/api/run")["is_outdated"], true);
    assert_eq!(served.ask("/api/size", &asked), size, "the numbers stay until somebody wants others");
    let reloaded = served.ask("/api/reload", &json!({}));
    assert_eq!(parties(&reloaded), parties(&estate) + 3);
    assert_eq!(served.get("/api/run")["is_outdated"], false);
    assert_ne!(served.ask("/api/size", &asked)["sizing"], size["sizing"]);
    served.stop().expect(0);
}

#[test]
fn a_token_is_asked_for_where_others_can_connect() {
    let served = Served::start(demo(), "0.0.0.0", &[]);
    assert_eq!(served.request("GET", "/api/estate", &[], "").0, 401);
    let (status, page) = served.request("GET", "/", &[], "");
    assert!(status == 401 && page.contains("sign-in.js"), "{page}");
    let said = served.stop().expect(0).stdout;
    let token = said.split_once("#token=").expect("it prints one").1.split_whitespace().next().expect("a word");
    assert!(token.len() >= 40, "{said}");

    let secret = "0123456789abcdefABCDEF";
    let workspace = copy_of_demo();
    workspace.write("token", secret);
    let served = Served::start(&workspace, "127.0.0.1", &["--token-file", "token"]);
    assert_eq!(served.request("GET", "/api/estate", &[], "").0, 401, "also on this machine, where it is wanted");
    let bearer = format!("Bearer {secret}");
    assert_eq!(served.request("GET", "/api/estate", &[("Authorization", &bearer)], "").0, 200);
    let ran = served.stop().expect(0);
    assert!(!ran.stdout.contains(secret) && !ran.stderr.contains(secret), "{ran}");

    workspace.write("short", "secret");
    let short = ["--config", "demo/carveout.toml", "serve", "--listen", "127.0.0.1:0", "--token-file", "short"];
    workspace.carveout(short).expect(2).says(&["6 characters", "openssl rand"]);
}

#[test]
fn it_ends_at_ctrl_c_and_says_where_it_was() {
    let served = Served::start(demo(), "127.0.0.1", &[]);
    let (url, port) = (served.url(), served.port);
    let taken = ["--config", "demo/carveout.toml", "serve", "--listen", &format!("127.0.0.1:{port}")];
    demo().carveout(taken).expect(1).says(&["can't listen on", "port 0 takes a free one"]);
    let began = Instant::now();
    let ran = served.stop().expect(0);
    assert!(ran.stdout.starts_with(&url), "{ran}");
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    let without = Workspace::empty();
    without.carveout(["--database", "none.duckdb", "serve"]).expect(1).says(&["there is no database", "hint:"]);
}
