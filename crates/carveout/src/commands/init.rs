//! `carveout init`: a commented configuration, and which credentials are there.

use std::{fs, path::PathBuf};

use crate::{
    cli::Init,
    error::{CliError, Exit, OrFail},
    printer,
};

/// What is written.
pub const EXAMPLE: &str = include_str!("init.toml");

/// Writes the file and tells what was found.
pub fn run(arguments: &Init) -> Result<Exit, CliError> {
    let path = &arguments.file;
    if path.exists() && !arguments.force {
        return Err(CliError::usage(format!("{} is there already", path.display())).hint("--force replaces it"));
    }
    fs::write(path, EXAMPLE).or_fail(|| format!("can't write {}", path.display()))?;
    let mut text = format!("wrote {}\n\nCredentials on this machine:\n", path.display());
    for (cloud, places) in PLACES {
        let found: Vec<&str> = places.iter().filter(|place| place.is_there()).map(|place| place.label).collect();
        let found = if found.is_empty() { "none found".to_owned() } else { found.join(", ") };
        text.push_str(&format!("  {cloud:<6} {found}\n"));
    }
    text.push_str("\nNext: edit the file, then `carveout refresh`.\n");
    printer::text(&text)?;
    Ok(Exit::Done)
}

/// Where a cloud's own tools keep credentials. Only whether they are there is looked at, never what they say.
struct Place {
    label: &'static str,
    where_to_look: Look,
}

enum Look {
    Variable(&'static str),
    HomeFile(&'static str),
}

impl Place {
    fn is_there(&self) -> bool {
        match self.where_to_look {
            Look::Variable(name) => std::env::var_os(name).is_some_and(|value| !value.is_empty()),
            Look::HomeFile(path) => std::env::home_dir().is_some_and(|home: PathBuf| home.join(path).exists()),
        }
    }
}

const fn variable(name: &'static str) -> Place {
    Place { label: name, where_to_look: Look::Variable(name) }
}

const fn file(label: &'static str, path: &'static str) -> Place {
    Place { label, where_to_look: Look::HomeFile(path) }
}

const PLACES: &[(&str, &[Place])] = &[
    (
        "AWS",
        &[
            variable("AWS_PROFILE"),
            variable("AWS_ACCESS_KEY_ID"),
            variable("AWS_WEB_IDENTITY_TOKEN_FILE"),
            variable("AWS_CONTAINER_CREDENTIALS_FULL_URI"),
            file("~/.aws/credentials", ".aws/credentials"),
            file("~/.aws/config", ".aws/config"),
        ],
    ),
    (
        "Azure",
        &[
            variable("AZURE_CLIENT_SECRET"),
            variable("AZURE_FEDERATED_TOKEN_FILE"),
            variable("IDENTITY_ENDPOINT"),
            file("az login (~/.azure)", ".azure/azureProfile.json"),
        ],
    ),
    (
        "Google",
        &[
            variable("GOOGLE_APPLICATION_CREDENTIALS"),
            file("gcloud (~/.config/gcloud)", ".config/gcloud/application_default_credentials.json"),
        ],
    ),
];
