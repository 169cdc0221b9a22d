//! How much of what is gathered was shown to whoever wants to see it as it comes. It can be shown from its beginning, whenever that is
//! asked for; and there is no more of it than is gathered.

/// One of a command's outputs.
#[derive(Default)]
pub(super) struct Live {
    /// How many of its bytes were shown; `None` where nobody has asked.
    shown: Option<usize>,
}

impl Live {
    /// Somebody asks.
    pub(super) fn start(&mut self) {
        self.shown.get_or_insert(0);
    }

    /// What was gathered since the last time, if there is anything, and anybody who asks.
    pub(super) fn take_new(&mut self, gathered: &[u8]) -> Option<Vec<u8>> {
        let shown = self.shown.as_mut()?;
        let new = gathered.get(*shown..).filter(|bytes| !bytes.is_empty())?;
        *shown += new.len();
        Some(new.to_vec())
    }
}
