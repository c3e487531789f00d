//! Hosts: reading one out of a URL, and the domain that somebody registered.

/// The host of a URL, a JDBC URL, `host:port` or a mail address, in lower case; never a path, a query or a user.
pub(crate) fn host_of(text: &str) -> Option<String> {
    let text = text.trim();
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    let rest = rest.strip_prefix("mailto:").unwrap_or(rest);
    let authority = rest.split(['/', '?', '#', ';', ',', '\\']).next()?;
    let authority = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let host = match authority.strip_prefix('[') {
        Some(address) => address.split_once(']')?.0,
        None if authority.matches(':').count() > 1 => authority,
        None => authority.split(':').next()?,
    };
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    is_host(&host).then_some(host)
}

fn is_host(host: &str) -> bool {
    if host.parse::<std::net::IpAddr>().is_ok() {
        return true;
    }
    host.len() <= 253
        && host.contains('.')
        && host.split('.').all(|label| {
            !label.is_empty()
                && label.len() <= 63
                && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
        })
        && host.rsplit('.').next().is_some_and(|top| top.len() > 1 && !top.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Whether text names a host beyond doubt: a scheme, a port or a user part says so; `index.handler` does not.
pub(crate) fn is_explicit(text: &str) -> bool {
    text.contains("://") || text.contains('@')
}

/// An address that nobody else can have: private, loopback, link-local, or a name that only an own resolver answers.
pub(crate) fn is_private(host: &str) -> bool {
    match host.parse::<std::net::IpAddr>() {
        Ok(std::net::IpAddr::V4(address)) => {
            address.is_private()
                || address.is_loopback()
                || address.is_link_local()
                || address.is_unspecified()
                || (address.octets()[0] == 100 && (64..128).contains(&address.octets()[1]))
        }
        Ok(std::net::IpAddr::V6(address)) => {
            address.is_loopback() || address.is_unspecified() || (address.segments()[0] & 0xfe00) == 0xfc00
        }
        Err(_) => {
            let top = host.rsplit('.').next().unwrap_or(host);
            matches!(
                top,
                "internal" | "local" | "localhost" | "localdomain" | "lan" | "intranet" | "corp" | "home" | "arpa"
            ) || host.ends_with(".svc")
        }
    }
}

/// Second-level names under which registries sell, where the top level is a country's.
const SECOND_LEVEL: &[&str] = &["ac", "co", "com", "edu", "gob", "gov", "ltd", "ne", "net", "nhs", "or", "org", "plc"];

/// The domain that somebody registered: the last two labels, or three below a country's second level.
///
/// An approximation of the Public Suffix List that is right for the names that companies use; it only decides under
/// which name an *unknown* party is listed.
pub(crate) fn registrable(host: &str) -> &str {
    let starts: Vec<usize> = std::iter::once(0).chain(host.match_indices('.').map(|(at, _)| at + 1)).collect();
    let labels = starts.len();
    if labels <= 2 {
        return host;
    }
    let second = host[starts[labels - 2]..].split('.').next().unwrap_or_default();
    let country = host.len() - starts[labels - 1] == 2;
    let keep = if country && SECOND_LEVEL.contains(&second) { 3 } else { 2 };
    &host[starts[labels - keep]..]
}

/// A host and every domain above it, the longest first (`a.b.c`, `b.c`, `c`).
pub(crate) fn suffixes(host: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(host), |name| name.split_once('.').map(|(_, parent)| parent))
}

/// Whether a host is a domain or a name below it.
pub(crate) fn within(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_host_is_kept_of_a_url() {
        for (text, host) in [
            ("https://hooks.slack.com/services/T0/B0/secret", "hooks.slack.com"),
            ("https://user:secret@http-intake.logs.datadoghq.com:443/api?key=secret", "http-intake.logs.datadoghq.com"),
            ("jdbc:snowflake://acme.snowflakecomputing.com/?db=x", "acme.snowflakecomputing.com"),
            ("broker.example.com:9092", "broker.example.com"),
            ("Ops@Example.com", "example.com"),
            ("198.51.100.7:8080", "198.51.100.7"),
        ] {
            assert_eq!(host_of(text).as_deref(), Some(host), "{text}");
        }
        for text in ["info", "true", "arn:aws:s3:::bucket", "1.5", "a b.c", ""] {
            assert_eq!(host_of(text), None, "{text}");
        }
    }

    #[test]
    fn a_registered_domain_has_two_labels_or_three_below_a_countrys_second_level() {
        assert_eq!(registrable("a.b.example.com"), "example.com");
        assert_eq!(registrable("a.example.co.uk"), "example.co.uk");
        assert_eq!(registrable("a.b.gov.io"), "b.gov.io");
        assert_eq!(registrable("example.com"), "example.com");
    }

    #[test]
    fn a_suffix_counts_at_a_label_only() {
        assert!(within("a.okta.com", "okta.com"));
        assert!(within("okta.com", "okta.com"));
        assert!(!within("notokta.com", "okta.com"));
    }
}
