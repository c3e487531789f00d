//! What holds for every estate: over estates drawn at random, the same ones every time.

use carveout_model::{Category, ControlKind, Opinion, Relation, ReportType, ServiceModel, Strength, UserEntityControl};
use carveout_scoping::{ControlSet, Mode, Population, SampleLevel, Scenario, Scoping, ScopingInput, Sizer};
use jiff::civil::date;

use crate::draw::Draw;
use crate::estate::*;

const ESTATES: u64 = 60;

impl Draw {
    fn vendor(&mut self, id: &str) -> carveout_scoping::PartyFacts {
        let roles: Vec<(Relation, Strength)> =
            (0..self.below(3)).map(|_| (self.one(Relation::ALL), self.one(Strength::ALL))).collect();
        party(id, self.one(ServiceModel::ALL), &roles)
    }

    fn estate(&mut self) -> (Estate, Vec<Population>) {
        let mut estate = estate();
        for at in 0..self.below(6) {
            let id = format!("vendor-{at}");
            let vendor = self.vendor(&id);
            estate.parties.push(vendor);
            for _ in 0..self.below(3) {
                let mut report =
                    report(&id, date(2025, 1, 31).saturating_add(jiff::Span::new().months(self.below(26) as i64)));
                report.report.categories = self.categories();
                report.report.report_type = self.one(&[ReportType::Type1, ReportType::Type2, ReportType::Type2]);
                report.report.opinion = self.one(&[None, Some(Opinion::Unqualified), Some(Opinion::Qualified)]);
                if self.chance(30) {
                    report.report.user_entity_controls.push(UserEntityControl {
                        cuec_ref: "1".to_owned(),
                        criteria: vec!["CC6.4".to_owned(), "CC6.6".to_owned()],
                        description: "…".to_owned(),
                    });
                }
                estate.reports.push(report);
            }
        }
        let set = ControlSet::bundled();
        let mut populations = Vec::new();
        for control in set.controls() {
            let control_id = control.control.control_id.clone();
            if self.chance(15) {
                estate.checks.push(checks(&control_id, "aws", 50, self.below(9) as u64, self.below(2) as u64));
            }
            if self.chance(20) {
                let party_id = self.chance(50).then(|| "aws".to_owned());
                populations.push(Population { control_id, party_id, items: self.below(400) as u64 });
            }
        }
        (estate, populations)
    }

    fn scenario(&mut self) -> Scenario {
        let mut scenario = base(&self.categories());
        scenario.sample_level = self.one(&[SampleLevel::Low, SampleLevel::Moderate, SampleLevel::High]);
        scenario.scope.report_type = self.one(&[ReportType::Type1, ReportType::Type2]);
        if self.chance(50) {
            scenario.scope.frameworks_in_place = vec!["ccm".to_owned()];
        }
        if self.chance(30) {
            scenario.inclusive.insert("datadog".to_owned());
        }
        if self.chance(30) {
            scenario.without.insert("okta".to_owned());
        }
        scenario
    }
}

fn size(estate: &Estate, populations: &[Population], scenario: &Scenario) -> Scoping {
    sizer(estate, populations).size(scenario).expect("it is sized")
}

fn sizer(estate: &Estate, populations: &[Population]) -> Sizer {
    let input = ScopingInput {
        parties: &estate.parties,
        resources: &estate.resources,
        reports: &estate.reports,
        checks: &estate.checks,
        populations,
        incomplete_units: 0,
    };
    Sizer::new(&ControlSet::bundled(), &input).expect("the frames are built")
}

/// All three points, so that no mean hides one.
fn assert_not_lower(before: &Scoping, after: &Scoping, what: &str) {
    let points = |each: &Scoping| [each.sizing.hours_low, each.sizing.hours_likely, each.sizing.hours_high];
    for (before, after) in points(before).into_iter().zip(points(after)) {
        assert!(after >= before - 1e-9, "{what}: {after} is less than {before}");
    }
}

fn for_each_estate(mut check: impl FnMut(&mut Draw, &Estate, &[Population], &Scenario)) {
    for seed in 0..ESTATES {
        let mut draw = Draw(seed);
        let (estate, populations) = draw.estate();
        let scenario = draw.scenario();
        check(&mut draw, &estate, &populations, &scenario);
    }
}

#[test]
fn a_vendor_more_never_lowers_hours() {
    for_each_estate(|draw, estate, populations, scenario| {
        let before = size(estate, populations, scenario);
        let mut more = estate.clone();
        let vendor = draw.vendor("vendor-more");
        more.parties.push(vendor);
        let after = size(&more, populations, scenario);
        assert_not_lower(&before, &after, "a vendor more");
        assert!(after.sizing.real_size >= before.sizing.real_size);
    });
}

#[test]
fn a_category_more_never_lowers_hours() {
    for_each_estate(|_, estate, populations, scenario| {
        let sizer = sizer(estate, populations);
        let before = sizer.size(scenario).expect("it is sized");
        for category in Category::ALL.iter().filter(|each| !scenario.scope.categories.contains(**each)) {
            let mut more = scenario.clone();
            let categories: Vec<Category> = scenario.scope.categories.iter().chain([*category]).collect();
            more.scope.categories = categories.try_into().expect("security is in it");
            assert_not_lower(&before, &sizer.size(&more).expect("it is sized"), category.as_str());
        }
    });
}

#[test]
fn a_sample_more_never_lowers_hours() {
    for_each_estate(|_, estate, populations, scenario| {
        let before = size(estate, populations, scenario);
        let mut larger = populations.to_vec();
        larger.iter_mut().for_each(|population| population.items += 1);
        assert_not_lower(&before, &size(estate, &larger, scenario), "an item more in every population");
        let mut higher = scenario.clone();
        higher.sample_level = match scenario.sample_level {
            SampleLevel::Low => SampleLevel::Moderate,
            SampleLevel::Moderate | SampleLevel::High => SampleLevel::High,
        };
        assert_not_lower(&before, &size(estate, populations, &higher), "samples for a higher risk");
    });
}

/// Clean: unqualified, without exceptions, of every category in scope, handing nothing back. A report that hands
/// something back makes work visible that was there before.
#[test]
fn a_current_clean_report_never_raises_hours() {
    for_each_estate(|draw, estate, populations, scenario| {
        let sizer = sizer(estate, populations);
        let before = sizer.size(scenario).expect("it is sized");
        for facts in &estate.parties {
            let mut assumed = scenario.clone();
            assumed.assume_reports.insert(facts.party.party_id.clone());
            assert_not_lower(&sizer.size(&assumed).expect("it is sized"), &before, &facts.party.party_id);
        }
        let party_id = &estate.parties[draw.below(estate.parties.len())].party.party_id;
        let mut clean = report(party_id, date(2026, 12, 31));
        clean.report.report_id = format!("{party_id}-clean");
        clean.report.categories = Category::ALL.to_vec();
        let mut with_report = estate.clone();
        with_report.reports.push(clean);
        assert_not_lower(&size(&with_report, populations, scenario), &before, party_id);
    });
}

#[test]
fn the_range_of_hours_is_ordered_lies_within_its_points_and_repeats_itself() {
    for_each_estate(|_, estate, populations, scenario| {
        let sized = size(estate, populations, scenario);
        let (sizing, range) = (&sized.sizing, &sized.percentiles);
        let points =
            [sizing.hours_low, range.p10, range.p50, range.p90, sizing.hours_high].map(|hours| (hours * 1e6).round());
        assert!(points.is_sorted(), "{points:?}");
        let pert = (sizing.hours_low + 4.0 * sizing.hours_likely + sizing.hours_high) / 6.0;
        assert!((sizing.hours_pert - pert).abs() < 1e-6);
        assert_eq!(*range, size(estate, populations, scenario).percentiles, "seeded");
    });
}

#[test]
fn a_sample_is_no_larger_than_its_population_or_the_table() {
    for_each_estate(|_, estate, populations, scenario| {
        let set = ControlSet::bundled();
        let most = set.samples().iter().flat_map(|rule| rule.samples).max().expect("there are rows");
        for row in size(estate, populations, scenario).obligations() {
            let Some(samples) = row.sample_size else { continue };
            assert!(samples <= most, "{row:?}");
            let kind = set.controls().iter().find(|each| each.control.control_id == row.control_id);
            let is_manual = kind.is_some_and(|each| each.control.kind == ControlKind::Manual);
            let too_many = row.population.is_some_and(|population| u64::from(samples) > population);
            assert!(!(is_manual && too_many), "{row:?}");
        }
    });
}

/// A vendor that is left out again costs what it cost before: nothing of it stays.
#[test]
fn a_vendor_that_is_left_out_leaves_nothing_behind() {
    for_each_estate(|draw, estate, populations, scenario| {
        let mut more = estate.clone();
        let vendor = draw.vendor("vendor-more");
        more.parties.push(vendor);
        let mut without = scenario.clone();
        without.without.insert("vendor-more".to_owned());
        let (before, after) = (size(estate, populations, scenario), size(&more, populations, &without));
        let hours = |each: &Scoping| (each.sizing.hours_low, each.sizing.hours_likely, each.sizing.hours_high);
        assert_eq!(hours(&before), hours(&after));
        assert_eq!(before.sizing.naive_size, after.sizing.naive_size);
    });
}

#[test]
fn the_naive_size_bounds_the_others_and_each_for_each_costs_most() {
    for_each_estate(|_, estate, populations, scenario| {
        let sizer = sizer(estate, populations);
        let sized = sizer.size(scenario).expect("it is sized");
        let sizing = &sized.sizing;
        let sizes = [sizing.carve_out_size, sizing.real_size, sizing.inclusive_size, sizing.naive_size];
        assert!(sizes.is_sorted(), "{sizes:?}");
        let requirements: u32 =
            sizing.customer + sizing.shared + sizing.inherited + sizing.assess + sizing.not_applicable;
        assert_eq!(usize::try_from(requirements).expect("few"), sized.obligations().len());
        let modes = sizer.modes(scenario).expect("they are sized");
        let most = modes.iter().find(|each| each.mode == Mode::EachForEach).expect("all modes come");
        assert_eq!(most.pairs, sizing.naive_size);
        for mode in &modes {
            assert!(mode.pairs <= most.pairs && mode.obligations <= most.obligations, "{:?}", mode.mode);
            assert!(mode.hours.low <= most.hours.low && mode.hours.high <= most.hours.high, "{:?}", mode.mode);
            assert!(mode.evidence_requests <= most.evidence_requests, "{:?}", mode.mode);
        }
    });
}
