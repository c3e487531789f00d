//! The words of the domain, as people read them.

export const CATEGORIES = [
  ["security", "Security"], ["availability", "Availability"], ["confidentiality", "Confidentiality"],
  ["processing_integrity", "Processing integrity"], ["privacy", "Privacy"],
];

/** Word, letter, label, meaning. */
export const TREATMENTS = [
  ["customer", "C", "ours", "our evidence, our tests"],
  ["shared", "S", "shared", "our part of the evidence, and the provider's"],
  ["assess", "A", "to assess", "the provider's, and no report can be relied on"],
  ["inherited", "I", "inherited", "the provider's, and its report is relied on"],
  ["not_applicable", "", "no bearing", "nothing to show"],
];

export const OWNERS = [
  ["customer", "us"], ["shared", "the provider and us"], ["provider", "the provider"],
  ["outsourced_to_third_party", "a third party for us"], ["shared_with_third_party", "a third party and us"],
  ["not_applicable", "nobody"],
];

export const STRENGTHS = {
  can_admin: "can change things", can_read_data: "can read data", sends_data_to: "gets our data",
  can_read_config: "can read settings", identity: "asserts identity", hosting: "hosts or ships code", contact: "contact only",
};

export const RELIANCE = {
  current: "current", bridged: "bridged", stale: "stale", expired: "expired", unreliable: "can't be relied on",
  not_evaluable: "can't be judged",
};

export const GAPS = {
  failing_evidence: "evidence fails", unknown_evidence: "evidence can't be told", lapsed_reliance: "report can't be relied on",
  no_report: "no report", unowned_cuec: "user entity control of nobody", no_evidence: "no evidence yet",
};

export const MODES = {
  real: "this scenario", each_for_each: "each for each", inclusive: "all inclusive", carve_out: "all carved out",
};

export const MEASURES = {
  criteria: "Criteria", third_parties: "Third parties", naive_size: "Pairs, each for each", inclusive_size: "Pairs, all inclusive",
  carve_out_size: "Pairs, all carved out", real_size: "Pairs that repeat", customer: "Obligations: ours", shared: "Obligations: shared",
  inherited: "Obligations: inherited", assess: "Obligations: to assess", not_applicable: "Obligations: no bearing",
  report_reviews: "Reports to review", vendor_assessments: "Vendors to assess", evidence_requests: "Evidence requests",
  evidence_answered: "Evidence answered by the inventory", hours_low: "Hours, low", hours_likely: "Hours, likely",
  hours_high: "Hours, high", hours_pert: "Hours, PERT mean", hours_p10: "Hours, P10", hours_p50: "Hours, P50", hours_p90: "Hours, P90",
};

export const of = (rows, word) => rows.find(([each]) => each === word);
export const label = (rows, word) => (of(rows, word) || [word, plain(word)])[1];
export const treatment = (word) => of(TREATMENTS, word) || [word, "", plain(word), ""];
export const plain = (word) => String(word ?? "").replaceAll("_", " ");
