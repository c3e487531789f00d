//! Identity providers: OIDC issuers and SAML metadata.

use carveout_model::{Outsider, Strength};
use serde_json::{Value, json};

use super::{EXACT, Edge, Finding, STATED, texts};

/// OIDC issuers, host and path without the scheme, in lower case.
pub(super) fn oidc_issuers(at: &str, value: &Value) -> Vec<Finding> {
    texts(at, value)
        .into_iter()
        .map(|(at, text)| {
            let issuer = text.split_once("://").map_or(text, |(_, rest)| rest).trim_end_matches('/');
            let outsider = Outsider::OidcIssuer(issuer.to_ascii_lowercase());
            Finding::new(outsider, &at, text, Edge::inbound(Strength::Identity), EXACT)
        })
        .collect()
}

/// The entity of SAML metadata, or an entity id that stands alone.
pub(super) fn saml_entities(at: &str, value: &Value) -> Vec<Finding> {
    texts(at, value)
        .into_iter()
        .filter_map(|(at, text)| {
            let metadata = text.contains('<');
            let entity = if metadata { attribute(text, "EntityDescriptor", "entityID")? } else { text.to_owned() };
            let outsider = Outsider::SamlEntity(entity.clone());
            let mut finding = Finding::new(outsider, &at, &entity, Edge::inbound(Strength::Identity), STATED);
            // A vendor behind a customer's own domain shows in the sign-on location only.
            if let Some(location) = attribute(text, "SingleSignOnService", "Location").filter(|_| metadata)
                && let Some(host) = crate::hosts::host_of(&location)
            {
                finding.context.insert("sign_on_host".to_owned(), json!(host));
            }
            Some(finding)
        })
        .collect()
}

/// The first value of an attribute inside the first element of that name, whatever its namespace prefix.
///
/// A scan and no parser: metadata can be cut short or malformed in other places and still say who it is.
fn attribute(xml: &str, element: &str, name: &str) -> Option<String> {
    let tag = xml.match_indices('<').find_map(|(start, _)| {
        let tag = &xml[start + 1..];
        let end = tag.find('>').unwrap_or(tag.len());
        let tag = &tag[..end];
        let found = tag.split(|c: char| c.is_whitespace() || c == '/').next()?;
        (found.rsplit(':').next() == Some(element)).then_some(tag)
    })?;
    let (_, after) = tag
        .match_indices(name)
        .map(|(at, found)| tag.split_at(at + found.len()))
        .find(|(_, after)| after.trim_start().starts_with('='))?;
    let quoted = after.trim_start().strip_prefix('=')?.trim_start();
    let quote = quoted.chars().next().filter(|c| *c == '"' || *c == '\'')?;
    let value = quoted[1..].split(quote).next()?;
    Some(value.replace("&amp;", "&").replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_entity_and_the_sign_on_host_are_read_from_metadata() {
        let xml = concat!(
            "<?xml version='1.0'?>\n<md:EntityDescriptor xmlns:md=\"urn:x\"\n entityID='https://sso.example.com/a?b=1&amp;c=2'>",
            "<md:IDPSSODescriptor><md:SingleSignOnService Binding=\"b\" Location=\"https://acme.okta.com/app/sso\"/>",
        );
        let found = saml_entities("SAMLMetadataDocument", &json!(xml));
        assert_eq!(found[0].outsider, Outsider::SamlEntity("https://sso.example.com/a?b=1&c=2".into()));
        assert_eq!(found[0].context["sign_on_host"], "acme.okta.com");
    }

    #[test]
    fn an_issuer_loses_its_scheme_and_slash() {
        let found = oidc_issuers("Url", &json!("https://Token.Actions.GithubUserContent.com/"));
        assert_eq!(found[0].outsider, Outsider::OidcIssuer("token.actions.githubusercontent.com".into()));
    }
}
