//! Signature version 4. S3 signs the path as it is sent and the hash of the body; every other service signs the path
//! encoded once more.

use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_sigv4::{
    http_request::{
        PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SigningSettings,
        UriPathNormalizationMode, sign as sign_v4,
    },
    sign::v4,
};

use crate::wire::Request;

/// A request that can't be signed: a host or path that is no URI, a header that is no text.
#[derive(Debug, thiserror::Error)]
#[error("the request can't be signed: {reason}")]
pub(crate) struct SignError {
    reason: String,
}

/// The headers that sign `request`, which goes to `url` (that of the request, whole).
pub(crate) fn sign(
    request: &Request,
    url: &str,
    credentials: &Credentials,
    (signing_name, region): (&str, &str),
    time: SystemTime,
) -> Result<Vec<(&'static str, String)>, SignError> {
    let failed = |error: &dyn std::error::Error| SignError { reason: error.to_string() };
    let mut settings = SigningSettings::default();
    if signing_name == "s3" {
        settings.percent_encoding_mode = PercentEncodingMode::Single;
        settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
        settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
    }
    let identity = credentials.clone().into();
    let params = v4::SigningParams::builder()
        .identity(&identity)
        .region(region)
        .name(signing_name)
        .time(time)
        .settings(settings)
        .build()
        .map_err(|error| failed(&error))?;
    let headers = request.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let body = SignableBody::Bytes(request.body.as_bytes());
    let signable = SignableRequest::new(request.method.as_str(), url, headers, body).map_err(|error| failed(&error))?;
    let (instructions, _signature) = sign_v4(signable, &params.into()).map_err(|error| failed(&error))?.into_parts();
    let (headers, _query) = instructions.into_parts();
    Ok(headers.into_iter().map(|header| (header.name(), header.value().to_owned())).collect())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize)]
    struct Vector {
        name: String,
        service: String,
        region: String,
        time: String,
        access_key: String,
        secret_key: String,
        session_token: Option<String>,
        method: String,
        url: String,
        headers: BTreeMap<String, String>,
        body: String,
        expected: BTreeMap<String, String>,
    }

    #[test]
    fn signatures_equal_those_of_the_python_sdk() {
        let vectors: Vec<Vector> =
            serde_json::from_str(include_str!("../tests/data/sigv4_golden.json")).expect("the vectors are JSON");
        assert_eq!(vectors.len(), 13);
        for vector in vectors {
            let url = url::Url::parse(&vector.url).expect("a URL");
            let request = Request {
                method: vector.method.parse().expect("a verb"),
                path: url.path().to_owned(),
                query: url.query().unwrap_or_default().to_owned(),
                headers: vector.headers.into_iter().map(|(name, value)| (name.to_lowercase(), value)).collect(),
                body: vector.body,
            };
            let credentials =
                Credentials::new(vector.access_key, vector.secret_key, vector.session_token, None, "test");
            let time = jiff::fmt::strtime::parse("%Y%m%dT%H%M%SZ", &vector.time).and_then(|time| time.to_datetime());
            let time = time.and_then(|time| jiff::tz::TimeZone::UTC.to_timestamp(time)).expect("a time");
            let time = SystemTime::try_from(time).expect("a time");
            let place = (vector.service.as_str(), vector.region.as_str());
            let signed = sign(&request, &vector.url, &credentials, place, time).expect("it can be signed");
            let signed: BTreeMap<_, _> = signed.into_iter().map(|(name, value)| (name.to_lowercase(), value)).collect();
            let expected: BTreeMap<_, _> =
                vector.expected.into_iter().map(|(name, value)| (name.to_lowercase(), value)).collect();
            for (name, value) in expected {
                assert_eq!(signed.get(&name), Some(&value), "{}: {name}", vector.name);
            }
        }
    }
}
