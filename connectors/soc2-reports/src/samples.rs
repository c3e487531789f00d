//! Sample cards for the demo: what they say is made up, and their systems say so.

/// A sample card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sample {
    /// File name with its extension, which says the format.
    pub name: &'static str,
    /// The card.
    pub bytes: &'static [u8],
}

macro_rules! sample {
    ($name:literal) => {
        Sample { name: $name, bytes: include_bytes!(concat!("../samples/", $name)) }
    };
}

/// The sample cards, by name.
pub const fn samples() -> &'static [Sample] {
    &SAMPLES
}

const SAMPLES: [Sample; 14] = [
    sample!("aws.toml"),
    sample!("azure.toml"),
    sample!("brightpipe.toml"),
    sample!("cloudflare.toml"),
    sample!("datadog.toml"),
    sample!("github.toml"),
    sample!("google-cloud.toml"),
    sample!("northwind.toml"),
    sample!("okta.json"),
    sample!("pagerduty.toml"),
    sample!("papertrail.toml"),
    sample!("sendgrid.yaml"),
    sample!("snowflake.toml"),
    sample!("tessel.toml"),
];
