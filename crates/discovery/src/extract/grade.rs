//! How far a list of AWS actions reaches.
//!
//! An action is graded by what it can do to data and access: anything that writes or changes is `can_admin`, reading
//! contents is `can_read_data`, reading settings is `can_read_config`. Cryptographic use of a key reads nothing by
//! itself, so it is graded `can_read_config` and marked. Source: the Service Authorization Reference's access levels,
//! reduced to verbs; actions whose verb misleads are listed here.

use carveout_model::Strength;
use serde_json::{Map, Value, json};

/// What actions add up to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Grade {
    pub(crate) strength: Strength,
    /// Everything above reading settings only puts data in.
    pub(crate) write_only: bool,
    /// Nothing but cryptographic use of keys.
    pub(crate) key_use_only: bool,
}

impl Grade {
    pub(crate) const NOTHING: Self = Self { strength: Strength::Contact, write_only: false, key_use_only: false };
    pub(crate) const ADMIN: Self = Self { strength: Strength::CanAdmin, write_only: false, key_use_only: false };

    /// Both together.
    pub(crate) fn and(self, other: Self) -> Self {
        let idle = |grade: Self| grade.strength <= Strength::CanReadConfig;
        Self {
            strength: self.strength.max(other.strength),
            write_only: (self.write_only || idle(self))
                && (other.write_only || idle(other))
                && (self.write_only || other.write_only),
            key_use_only: (self.key_use_only || self.strength == Strength::Contact)
                && (other.key_use_only || other.strength == Strength::Contact)
                && (self.key_use_only || other.key_use_only),
        }
    }

    pub(crate) fn describe(self, context: &mut Map<String, Value>) {
        if self.write_only {
            context.insert("write_only".to_owned(), json!(true));
        }
        if self.key_use_only {
            context.insert("key_use_only".to_owned(), json!(true));
        }
    }
}

/// Actions that read contents although their verb could be read as settings, and some whose verb says nothing.
const DATA_READS: &[&str] = &[
    "athena:getqueryresults",
    "backup:getrecoverypointrestoremetadata",
    "codecommit:getblob",
    "codecommit:getfile",
    "codecommit:gitpull",
    "dynamodb:batchgetitem",
    "dynamodb:getitem",
    "dynamodb:getrecords",
    "dynamodb:partiqlselect",
    "dynamodb:query",
    "dynamodb:scan",
    "ebs:getsnapshotblock",
    "ecr:batchgetimage",
    "ecr:getdownloadurlforlayer",
    "es:eshttpget",
    "glacier:getjoboutput",
    "kinesis:getrecords",
    "kinesis:subscribetoshard",
    "lambda:getfunction",
    "lambda:invokefunction",
    "lambda:invokefunctionurl",
    "lambda:getlayerversion",
    "logs:filterlogevents",
    "logs:getlogevents",
    "logs:getlogrecord",
    "logs:getqueryresults",
    "logs:startquery",
    "logs:startlivetail",
    "execute-api:invoke",
    "redshift:getclustercredentials",
    "redshift-data:getstatementresult",
    "rds:downloaddblogfileportion",
    "s3:getobject",
    "s3:getobjectversion",
    "s3:getobjecttorrent",
    "s3:selectobjectcontent",
    "s3-object-lambda:getobject",
    "secretsmanager:batchgetsecretvalue",
    "secretsmanager:getsecretvalue",
    "sns:subscribe",
    "sns:receive",
    "sqs:receivemessage",
    "ssm:getparameter",
    "ssm:getparameterhistory",
    "ssm:getparameters",
    "ssm:getparametersbypath",
    "timestream:select",
];

/// Actions that put data in and change nothing else.
const DATA_WRITES: &[&str] = &[
    "events:putevents",
    "firehose:putrecord",
    "firehose:putrecordbatch",
    "kinesis:putrecord",
    "kinesis:putrecords",
    "logs:createlogstream",
    "logs:putlogevents",
    "s3:abortmultipartupload",
    "s3:putobject",
    "s3:putobjectacl",
    "sns:publish",
    "sqs:sendmessage",
    "states:startexecution",
];

/// Cryptographic use of a key.
const KEY_USE: &[&str] = &[
    "kms:decrypt",
    "kms:encrypt",
    "kms:generatedatakey",
    "kms:generatedatakeypair",
    "kms:generatedatakeypairwithoutplaintext",
    "kms:generatedatakeywithoutplaintext",
    "kms:generatemac",
    "kms:reencryptfrom",
    "kms:reencryptto",
    "kms:sign",
    "kms:verify",
    "kms:verifymac",
];

/// Verbs that look at settings, over all services.
const CONFIG_VERBS: &[&str] = &[
    "batchcheck",
    "batchdescribe",
    "batchget",
    "check",
    "describe",
    "detect",
    "discover",
    "estimate",
    "get",
    "head",
    "is",
    "list",
    "lookup",
    "preview",
    "query",
    "read",
    "scan",
    "search",
    "simulate",
    "test",
    "validate",
    "view",
];

/// Reporting actions of IAM that only produce something to read.
const CONFIG_ACTIONS: &[&str] = &["iam:generatecredentialreport", "iam:generateservicelastaccesseddetails"];

/// The grade of a list of actions as policies write them (`s3:Get*`). `everywhere` says whether the statement's
/// resource is `*`, which decides whether `sts:AssumeRole` opens every role that trusts the account.
pub(crate) fn actions<'a>(actions: impl IntoIterator<Item = &'a str>, everywhere: bool) -> Grade {
    actions.into_iter().map(|action| grade(&action.to_ascii_lowercase(), everywhere)).fold(Grade::NOTHING, Grade::and)
}

fn grade(action: &str, everywhere: bool) -> Grade {
    let of = |strength| Grade { strength, write_only: false, key_use_only: false };
    let Some((service, verb)) = action.split_once(':') else {
        return if action.contains('*') { Grade::ADMIN } else { Grade::NOTHING };
    };
    if service.contains('*') || verb.starts_with(['*', '?']) {
        return Grade::ADMIN;
    }
    if service == "sts" {
        let assumes = verb.starts_with("assume");
        return if assumes && everywhere { Grade::ADMIN } else { Grade::NOTHING };
    }
    let covers = |known: &[&str]| known.iter().any(|each| glob(action, each));
    if DATA_WRITES.contains(&action) {
        return Grade { strength: Strength::CanAdmin, write_only: true, key_use_only: false };
    }
    if KEY_USE.contains(&action) || (service == "kms" && covers(KEY_USE) && !covers(&["kms:creategrant"])) {
        return Grade { strength: Strength::CanReadConfig, write_only: false, key_use_only: true };
    }
    let literal = verb.split(['*', '?']).next().unwrap_or_default();
    let reads = CONFIG_VERBS.iter().any(|each| literal.starts_with(each));
    if covers(DATA_READS) && (reads || DATA_READS.contains(&action)) {
        return of(Strength::CanReadData);
    }
    if reads || CONFIG_ACTIONS.contains(&action) {
        return of(Strength::CanReadConfig);
    }
    Grade::ADMIN
}

/// Whether a pattern with `*` and `?` matches a text.
pub(crate) fn glob(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
    let (mut at, mut here) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while here < text.len() {
        if at < pattern.len() && (pattern[at] == b'?' || pattern[at] == text[here]) && pattern[at] != b'*' {
            at += 1;
            here += 1;
        } else if at < pattern.len() && pattern[at] == b'*' {
            star = Some((at, here));
            at += 1;
        } else if let Some((star_at, star_here)) = star {
            at = star_at + 1;
            here = star_here + 1;
            star = Some((star_at, star_here + 1));
        } else {
            return false;
        }
    }
    pattern[at..].iter().all(|byte| *byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strength(list: &[&str]) -> Strength {
        actions(list.iter().copied(), true).strength
    }

    #[test]
    fn actions_are_graded_by_what_they_can_do() {
        for (list, expected) in [
            (&["*"][..], Strength::CanAdmin),
            (&["iam:*"], Strength::CanAdmin),
            (&["ssm:SendCommand"], Strength::CanAdmin),
            (&["sts:AssumeRole"], Strength::CanAdmin),
            (&["lambda:UpdateFunctionCode", "ec2:Describe*"], Strength::CanAdmin),
            (&["s3:GetObject"], Strength::CanReadData),
            (&["s3:Get*", "s3:List*"], Strength::CanReadData),
            (&["ssm:GetParameter*"], Strength::CanReadData),
            (&["dynamodb:Query"], Strength::CanReadData),
            (&["ecr:BatchGetImage"], Strength::CanReadData),
            (&["sns:Subscribe"], Strength::CanReadData),
            (&["ec2:Describe*", "s3:ListAllMyBuckets"], Strength::CanReadConfig),
            (&["s3:GetBucketPolicy"], Strength::CanReadConfig),
            (&["iam:GenerateCredentialReport"], Strength::CanReadConfig),
            (&["sts:TagSession"], Strength::Contact),
        ] {
            assert_eq!(strength(list), expected, "{list:?}");
        }
    }

    #[test]
    fn putting_data_in_is_marked_write_only_and_reading_settings_beside_it_does_not_unmark_it() {
        assert!(actions(["s3:PutObject"], true).write_only);
        assert!(actions(["s3:PutObject", "s3:GetBucketLocation"], true).write_only);
        assert!(!actions(["s3:PutObject", "s3:GetObject"], true).write_only);
    }

    #[test]
    fn a_key_alone_reads_nothing() {
        let grade = actions(["kms:Decrypt", "kms:GenerateDataKey*"], true);
        assert_eq!((grade.strength, grade.key_use_only), (Strength::CanReadConfig, true));
        assert_eq!(strength(&["kms:*"]), Strength::CanAdmin);
        assert!(!actions(["kms:Decrypt", "s3:GetObject"], true).key_use_only);
    }

    #[test]
    fn assuming_one_role_is_not_assuming_every_role() {
        assert_eq!(actions(["sts:AssumeRole"], false).strength, Strength::Contact);
    }

    #[test]
    fn globs_match_as_iam_matches() {
        assert!(glob("s3:get*", "s3:getobject"));
        assert!(glob("s3:*object", "s3:getobject"));
        assert!(glob("s3:ge?object", "s3:getobject"));
        assert!(!glob("s3:get*version", "s3:getobject"));
    }
}
