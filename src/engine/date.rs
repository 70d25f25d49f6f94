//! Days, as suppressions name them. Comes in: `2027-01-01`. Goes out: something to compare.

/// A day of the calendar that ISO 8601 uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: u32,
    month: u32,
    day: u32,
}

impl Date {
    /// Reads `YYYY-MM-DD`; `None` where there is no such day.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let mut number = |digits: usize| {
            let part = parts.next()?;
            let plain = part.len() == digits && part.bytes().all(|b| b.is_ascii_digit());
            part.parse().ok().filter(|_| plain)
        };
        let (year, month, day) = (number(4)?, number(2)?, number(2)?);
        let exists = (1..=days_in(year, month)?).contains(&day);
        (exists && parts.next().is_none()).then_some(Self { year, month, day })
    }

    /// The day that is so many days after 1970-01-01.
    pub fn of_unix_days(mut days: u64) -> Self {
        let (mut year, mut month) = (1970, 1);
        while days >= days_of_year(year) {
            days -= days_of_year(year);
            year += 1;
        }
        while let Some(len) = days_in(year, month).filter(|&len| days >= u64::from(len)) {
            days -= u64::from(len);
            month += 1;
        }
        Self { year, month, day: u32::try_from(days).unwrap_or(0) + 1 }
    }
}

impl std::fmt::Display for Date {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

fn is_leap(year: u32) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

fn days_of_year(year: u32) -> u64 {
    if is_leap(year) { 366 } else { 365 }
}

fn days_in(year: u32, month: u32) -> Option<u32> {
    Some(match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if is_leap(year) => 29,
        2 => 28,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_days_that_exist_are_read() {
        for good in ["2027-01-01", "2024-02-29", "2000-02-29", "9999-12-31"] {
            assert_eq!(Date::parse(good).map(|d| d.to_string()).as_deref(), Some(good));
        }
        for bad in ["2027-1-1", "2023-02-29", "1900-02-29", "2027-13-01", "2027-00-01", "tomorrow"]
        {
            assert_eq!(Date::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn days_are_counted_from_1970() {
        let shown = |days| Date::of_unix_days(days).to_string();
        assert_eq!(shown(0), "1970-01-01");
        assert_eq!(shown(58), "1970-02-28");
        assert_eq!(shown(19_782), "2024-02-29");
        assert_eq!(shown(20_819), "2027-01-01");
        assert!(Date::parse("2026-12-31") < Date::parse("2027-01-01"));
    }
}
