//! How long a toggle takes over a large estate.

use std::time::Instant;

use carveout_model::{Category, Relation, ServiceModel, Strength};
use carveout_scoping::ControlSet;
use jiff::civil::date;

use crate::estate::*;

/// Five hundred parties, half of them with reports: what a session waits for after a toggle.
#[test]
#[expect(clippy::print_stderr, reason = "the times are what one runs this for")]
fn a_toggle_over_500_parties_answers_while_people_look() {
    let mut estate = estate();
    let roles = [
        (Relation::StoresData, Strength::SendsDataTo),
        (Relation::Administers, Strength::CanAdmin),
        (Relation::ReceivesTelemetry, Strength::SendsDataTo),
        (Relation::SuppliesCode, Strength::Hosting),
        (Relation::Contact, Strength::Contact),
    ];
    for at in 0..497 {
        let id = format!("vendor-{at:03}");
        estate.parties.push(party(&id, ServiceModel::ALL[at % 3], &roles[at % 5..=at % 5]));
        if at % 2 == 0 {
            estate.reports.push(report(&id, date(2026, 9, 30)));
        }
    }
    let before = Instant::now();
    let sizer = estate.sizer(&ControlSet::bundled());
    let prepared = before.elapsed();
    let mut scenario = base(Category::ALL);
    let first = sizer.size(&scenario).expect("it is sized");
    assert_eq!((first.sizing.criteria, first.sizing.third_parties, first.sizing.naive_size), (61, 501, 30_561));
    let mut times = Vec::new();
    for at in 0..20 {
        scenario.without.insert(format!("vendor-{at:03}"));
        let before = Instant::now();
        let sized = sizer.size(&scenario).expect("it is sized");
        times.push(before.elapsed());
        assert_eq!(sized.sizing.third_parties, 500 - at);
    }
    times.sort();
    let before = Instant::now();
    let rows = sizer.size(&scenario).expect("it is sized").obligations().len();
    eprintln!(
        "prepared {prepared:?}; toggle median {:?}, worst {:?}; {rows} obligations in {:?}",
        times[10],
        times[19],
        before.elapsed()
    );
    // A debug build is several times slower, and a loaded machine too; this catches a change of order, not of pace.
    assert!(times[10].as_secs_f64() < if cfg!(debug_assertions) { 5.0 } else { 0.5 }, "{times:?}");
}
