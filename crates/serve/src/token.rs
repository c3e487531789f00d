//! The secret that is asked for where others than this machine can connect.

use std::fmt;

/// A text is no token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Short enough to be guessed.
    #[error("the token has {length} characters; it needs {shortest}", shortest = Token::SHORTEST)]
    Short {
        /// Its length.
        length: usize,
    },
    /// A space, a line break or another character that no header may hold.
    #[error("the token holds a character that is neither a letter, a digit nor one of -._~+/=")]
    Character,
}

/// The secret, as a digest that it can't be read back from.
#[derive(Clone)]
pub struct Token {
    digest: blake3::Hash,
    cookie: String,
}

impl Token {
    /// The fewest characters.
    pub const SHORTEST: usize = 20;

    /// Takes the digest of a secret. White space around it is no part of it.
    ///
    /// # Errors
    /// [`TokenError`] where the secret is short or can't be sent in a header.
    pub fn new(secret: &str) -> Result<Self, TokenError> {
        let secret = secret.trim();
        if secret.len() < Self::SHORTEST {
            return Err(TokenError::Short { length: secret.chars().count() });
        }
        if !secret.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte)) {
            return Err(TokenError::Character);
        }
        let cookie = blake3::derive_key("carveout scoping session cookie v1", secret.as_bytes());
        Ok(Self { digest: blake3::hash(secret.as_bytes()), cookie: blake3::Hash::from(cookie).to_hex().to_string() })
    }

    /// Whether a text is the secret, in a time that does not depend on where the two differ.
    pub(crate) fn is(&self, given: &str) -> bool {
        blake3::hash(given.as_bytes()) == self.digest
    }

    /// What a browser keeps instead of the secret.
    pub(crate) fn cookie(&self) -> &str {
        &self.cookie
    }

    /// Whether a text is what a browser keeps.
    pub(crate) fn is_cookie(&self, given: &str) -> bool {
        blake3::hash(given.as_bytes()) == blake3::hash(self.cookie.as_bytes())
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_long_and_of_letters_that_a_header_takes() {
        assert_eq!(Token::new("short").expect_err("five letters"), TokenError::Short { length: 5 });
        assert_eq!(Token::new("twenty letters, and a comma").expect_err("spaces"), TokenError::Character);
        let token = Token::new("  0123456789abcdefABCDEF\n").expect("twenty-two letters");
        assert!(token.is("0123456789abcdefABCDEF") && !token.is("0123456789abcdefABCDEf") && !token.is(""));
    }

    #[test]
    fn neither_the_cookie_nor_what_is_logged_tells_the_token() {
        let token = Token::new("0123456789abcdefABCDEF").expect("a token");
        assert!(token.is_cookie(token.cookie()) && !token.is(token.cookie()));
        assert!(!token.is_cookie("0123456789abcdefABCDEF"));
        assert_eq!(format!("{token:?}"), "Token");
    }
}
