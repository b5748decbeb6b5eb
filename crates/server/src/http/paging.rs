//! Pages of lists, by the vendor's rules: `per_page` up to 100 rows, from a `page` or behind a
//! `cursor`, and no cursor on the last page.

use slipway_api::envelope::Pagination;

use super::{answer::Failed, input::Query};
use crate::access::secret::hex;

/// Which rows a request wants.
#[derive(Debug, PartialEq, Eq)]
pub struct Paging {
    pub per_page: usize,
    /// Rows to leave out; 0 behind a cursor.
    pub skip: usize,
    /// The key of the last row that the caller has.
    pub behind: Option<String>,
}

impl Paging {
    /// # Errors
    /// A value that is out of bounds, by field.
    pub fn of(query: &Query) -> Result<Self, Failed> {
        let per_page = query.number("per_page", 1, 100)?.unwrap_or(50);
        let page = query.number("page", 1, 1_000_000_000)?.unwrap_or(1);
        let per_page = usize::try_from(per_page).unwrap_or(100);
        let behind = query.get("cursor").map(decode).transpose()?;
        let skip = match behind {
            Some(_) => 0,
            None => usize::try_from(page - 1).unwrap_or(usize::MAX).saturating_mul(per_page),
        };
        Ok(Self { per_page, skip, behind })
    }

    /// Rows to ask for: one more than fit, to know whether there is another page.
    #[must_use]
    pub fn limit(&self) -> usize {
        self.per_page + 1
    }

    /// Cuts rows that were asked for with [`Paging::limit`] down to the page.
    #[must_use]
    pub fn cut<T>(&self, mut rows: Vec<T>, key: impl Fn(&T) -> String) -> (Vec<T>, Pagination) {
        let has_next_page = rows.len() > self.per_page;
        rows.truncate(self.per_page);
        let cursor = rows.last().filter(|_| has_next_page).map(|row| hex(key(row).as_bytes()));
        let pagination = Pagination { has_next_page, count: rows.len(), cursor };
        (rows, pagination)
    }

    /// A page of rows that are all in memory.
    #[must_use]
    pub fn of_all<T>(&self, mut rows: Vec<T>, key: impl Fn(&T) -> String) -> (Vec<T>, Pagination) {
        rows.sort_by_key(&key);
        let behind = self.behind.as_ref();
        let rows = rows
            .into_iter()
            .filter(|row| behind.is_none_or(|behind| key(row) > *behind))
            .skip(self.skip)
            .take(self.limit())
            .collect();
        self.cut(rows, key)
    }
}

/// A cursor is a row's key in hexadecimal digits: the vendor's client doesn't encode it.
fn decode(cursor: &str) -> Result<String, Failed> {
    let bytes = cursor.as_bytes();
    let pairs = bytes.chunks(2).map(|pair| {
        let text = std::str::from_utf8(pair).ok().filter(|text| text.len() == 2)?;
        u8::from_str_radix(text, 16).ok()
    });
    let bytes: Option<Vec<u8>> = pairs.collect();
    bytes
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .filter(|text| !text.is_empty())
        .ok_or_else(unknown_cursor)
}

pub fn unknown_cursor() -> Failed {
    Failed::field("cursor", "\"cursor\" must be one that an earlier page came with")
}

#[cfg(test)]
mod tests {
    use super::Paging;

    fn rows(paging: &Paging) -> (Vec<u32>, bool, Option<String>) {
        let (rows, pagination) = paging.of_all((1..=5).collect(), ToString::to_string);
        assert_eq!(rows.len(), pagination.count);
        (rows, pagination.has_next_page, pagination.cursor)
    }

    #[test]
    fn cursors_lead_through_all_rows_and_end() {
        let mut paging = Paging { per_page: 2, skip: 0, behind: None };
        assert_eq!(rows(&paging), (vec![1, 2], true, Some("32".into())));
        paging.behind = Some("2".into());
        assert_eq!(rows(&paging), (vec![3, 4], true, Some("34".into())));
        paging.behind = Some("4".into());
        assert_eq!(rows(&paging), (vec![5], false, None));
        let whole = Paging { per_page: 5, skip: 0, behind: None };
        assert_eq!(rows(&whole), (vec![1, 2, 3, 4, 5], false, None));
        let behind_the_end = Paging { per_page: 2, skip: 6, behind: None };
        assert_eq!(rows(&behind_the_end), (vec![], false, None));
    }
}
