//! `carveout completions`: a completion script on standard output.

use std::ffi::OsStr;

use carveout_queries::packaged_names;
use clap::{
    Arg, Command, CommandFactory,
    builder::{PossibleValue, StringValueParser, TypedValueParser},
};

use crate::{
    cli::Cli,
    error::{CliError, Exit},
    printer,
};

/// Prints the script.
pub fn run(shell: clap_complete::Shell) -> Result<Exit, CliError> {
    printer::text(&script(shell))?;
    Ok(Exit::Done)
}

fn script(shell: clap_complete::Shell) -> String {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "carveout", &mut script);
    String::from_utf8_lossy(&script).into_owned()
}

/// The name of a query: shells complete the packaged ones, and any other may be one of the workspace's own.
#[derive(Debug, Clone, Copy)]
pub struct QueryName;

impl TypedValueParser for QueryName {
    type Value = String;

    fn parse_ref(&self, command: &Command, argument: Option<&Arg>, value: &OsStr) -> Result<String, clap::Error> {
        StringValueParser::new().parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(packaged_names().into_iter().map(PossibleValue::new)))
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[test]
    fn shells_complete_the_names_of_queries() {
        // The generator for fish completes flags alone.
        for shell in [clap_complete::Shell::Bash, clap_complete::Shell::Zsh] {
            let script = script(shell);
            assert!(script.contains("naive-size-against-real"), "{shell}");
            // There are hundreds of checks.
            assert!(!script.contains("aws-bucket-default-encryption"), "{shell}");
        }
    }

    #[test]
    fn a_query_of_the_workspace_can_be_named_too() {
        assert!(Cli::try_parse_from(["carveout", "query", "run", "one-of-our-own"]).is_ok());
    }
}
