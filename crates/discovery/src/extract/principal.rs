//! AWS principals as policies and permissions write them: account ids, ARNs, organizations, services, deleted ids.
//!
//! Source: IAM reference, "AWS JSON policy elements: Principal" and "IAM identifiers".

use carveout_model::Outsider;

/// A principal's text, understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Principal<'a> {
    pub(crate) outsider: Outsider,
    /// The partition, where the text says one: the same account id means another account in another partition.
    pub(crate) partition: Option<&'a str>,
}

/// Reads a principal. `None` for text that names nobody outside a resource (an S3 ARN has no account).
pub(crate) fn read(text: &str) -> Option<Principal<'_>> {
    let plain = |outsider| Some(Principal { outsider, partition: None });
    if text == "*" || text.eq_ignore_ascii_case("all") {
        return plain(Outsider::Anyone);
    }
    if is_account(text) {
        return plain(Outsider::AwsAccount(text.to_owned()));
    }
    if text.starts_with("arn:") {
        return read_arn(text);
    }
    if is_organization(text) {
        return plain(Outsider::AwsOrganization(text.to_owned()));
    }
    if is_unique_id(text) {
        return plain(Outsider::AwsDeletedPrincipal(text.to_owned()));
    }
    if is_canonical_user(text) {
        return plain(Outsider::AwsCanonicalUser(text.to_owned()));
    }
    is_service(text).then(|| Principal { outsider: Outsider::AwsService(text.to_ascii_lowercase()), partition: None })
}

fn read_arn(text: &str) -> Option<Principal<'_>> {
    let arn = Arn::parse(text)?;
    let outsider = match arn.account {
        "*" => Outsider::Anyone,
        // CloudFront origin access identities put the word where the account belongs.
        "cloudfront" => Outsider::AwsService("cloudfront.amazonaws.com".to_owned()),
        _ if arn.service == "organizations" => {
            Outsider::AwsOrganization(arn.resource.split('/').find(|segment| is_organization(segment))?.to_owned())
        }
        account if is_account(account) => Outsider::AwsAccount(account.to_owned()),
        _ => return None,
    };
    Some(Principal { outsider, partition: Some(arn.partition) })
}

/// The parts of an ARN that tell whose it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Arn<'a> {
    pub(crate) partition: &'a str,
    pub(crate) service: &'a str,
    pub(crate) account: &'a str,
    pub(crate) resource: &'a str,
}

impl<'a> Arn<'a> {
    pub(crate) fn parse(text: &'a str) -> Option<Self> {
        let mut parts = text.splitn(6, ':');
        (parts.next() == Some("arn")).then_some(())?;
        let (partition, service) = (parts.next()?, parts.next()?);
        let (_region, account, resource) = (parts.next()?, parts.next()?, parts.next()?);
        Some(Self { partition, service, account, resource })
    }
}

/// Twelve digits; leading zeros belong to the id.
pub(crate) fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// `o-` and 10 to 32 lower-case letters or digits.
pub(crate) fn is_organization(text: &str) -> bool {
    text.strip_prefix("o-").is_some_and(|id| {
        (10..=32).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    })
}

/// The unique id that stays in a policy when the principal was deleted (`AROA…`, `AIDA…`).
fn is_unique_id(text: &str) -> bool {
    text.len() >= 16
        && text.starts_with('A')
        && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

/// 64 hexadecimal digits.
pub(crate) fn is_canonical_user(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn is_service(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    [".amazonaws.com", ".amazonaws.com.cn", ".amazon.com", ".aws.internal"].iter().any(|end| text.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outsider(text: &str) -> Option<Outsider> {
        read(text).map(|principal| principal.outsider)
    }

    #[test]
    fn accounts_are_read_from_every_partition_and_from_assumed_roles() {
        for text in [
            "061190967865",
            "arn:aws:iam::061190967865:root",
            "arn:aws-cn:iam::061190967865:role/x",
            "arn:aws-us-gov:iam::061190967865:user/path/y",
            "arn:aws:sts::061190967865:assumed-role/scanner/session",
        ] {
            assert_eq!(outsider(text), Some(Outsider::AwsAccount("061190967865".into())), "{text}");
        }
        assert_eq!(read("arn:aws-cn:iam::061190967865:root").and_then(|found| found.partition), Some("aws-cn"));
    }

    #[test]
    fn the_cloudfront_identity_is_a_service_and_no_account() {
        assert_eq!(
            outsider("arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1"),
            Some(Outsider::AwsService("cloudfront.amazonaws.com".into()))
        );
    }

    #[test]
    fn organizations_and_their_units_name_the_organization() {
        for text in [
            "o-a1b2c3d4e5",
            "arn:aws:organizations::123456789012:organization/o-a1b2c3d4e5",
            "arn:aws:organizations::123456789012:ou/o-a1b2c3d4e5/ou-ab12-cd34",
        ] {
            assert_eq!(outsider(text), Some(Outsider::AwsOrganization("o-a1b2c3d4e5".into())), "{text}");
        }
    }

    #[test]
    fn an_arn_without_an_account_names_nobody() {
        assert_eq!(outsider("arn:aws:s3:::bucket"), None);
        assert_eq!(outsider("arn:aws:iam::aws:policy/ReadOnlyAccess"), None);
    }

    #[test]
    fn a_deleted_principal_is_told_from_an_account() {
        assert_eq!(
            outsider("AROAEXAMPLEEXAMPLE123"),
            Some(Outsider::AwsDeletedPrincipal("AROAEXAMPLEEXAMPLE123".into()))
        );
    }
}
