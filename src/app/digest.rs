//! What stands at a path, in 32 bytes. Comes in: bytes. Goes out: a digest (SHA-256) by which the
//! same bytes are known again.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::Digest as _;

/// The SHA-256 of some bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Digest([u8; 32]);

/// What stands at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Content {
    /// No file.
    Absent,
    /// A file with these bytes.
    File(Digest),
}

impl Digest {
    /// The digest of `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        Self(sha2::Sha256::digest(bytes).into())
    }

    /// A number that is spread evenly over its range, and the same on every machine.
    pub fn spread(&self) -> u64 {
        self.0.iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
    }
}

impl Content {
    /// A file with these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Content::File(Digest::of(bytes))
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<Digest> for String {
    fn from(digest: Digest) -> Self {
        digest.to_string()
    }
}

impl TryFrom<String> for Digest {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let wrong = "not 64 hexadecimal digits";
        let mut digest = [0; 32];
        if text.len() != 64 || !text.is_ascii() {
            return Err(wrong);
        }
        for (nth, byte) in digest.iter_mut().enumerate() {
            let pair = &text[2 * nth..2 * nth + 2];
            *byte = u8::from_str_radix(pair, 16).map_err(|_| wrong)?;
        }
        Ok(Self(digest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_reads_as_it_prints() {
        let digest = Digest::of(b"abc");
        let text = String::from(digest);
        assert!(text.starts_with("ba7816bf8f01cfea"));
        assert_eq!(Digest::try_from(text), Ok(digest));
        assert!(Digest::try_from("zz".repeat(32)).is_err());
        assert_eq!(digest.spread(), 0xba78_16bf_8f01_cfea);
    }
}
