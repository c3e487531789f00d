//! One way to write a closed set of words: the enum, its spelling in tables and files, and its parser.

/// A word that is not in the vocabulary it was read for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{word}` is not one of {expected}")]
pub struct UnknownWord {
    /// The word as it was written.
    pub word: String,
    /// The words that would have been understood, separated by commas.
    pub expected: String,
}

/// Declares an enum whose variants are words of the contract with analysts.
///
/// Gives `ALL`, `as_str`, `Display`, `FromStr` and serde in the same spelling, so that a table, a
/// configuration file and a message can't drift apart.
macro_rules! vocabulary {
    ($(#[$outer:meta])* $name:ident { $($(#[$inner:meta])* $variant:ident => $word:literal),+ $(,)? }) => {
        $(#[$outer])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $($(#[$inner])* #[serde(rename = $word)] $variant),+
        }

        impl $name {
            /// Every word, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word as tables and files spell it.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::UnknownWord;

            fn from_str(word: &str) -> Result<Self, Self::Err> {
                match word {
                    $($word => Ok(Self::$variant),)+
                    _ => Err($crate::UnknownWord {
                        word: word.to_owned(),
                        expected: Self::ALL.iter().map(|each| each.as_str()).collect::<Vec<_>>().join(", "),
                    }),
                }
            }
        }
    };
}

pub(crate) use vocabulary;
