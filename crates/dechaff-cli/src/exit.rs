//! How the run ends, as a number for the shell.

/// The exit codes of the tool. A later one outweighs an earlier one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub(crate) enum ExitCode {
    /// All went well.
    #[default]
    Success,
    /// Some input could not be cleaned, or its output not be written.
    Failure,
    /// The arguments make no sense; clap uses the same number for what it refuses.
    Usage,
}

impl ExitCode {
    /// The code of two things that happened in one run: the worse one.
    pub(crate) fn merge(self, other: Self) -> Self {
        self.max(other)
    }
}

impl From<ExitCode> for std::process::ExitCode {
    fn from(code: ExitCode) -> Self {
        Self::from(match code {
            ExitCode::Success => 0,
            ExitCode::Failure => 1,
            ExitCode::Usage => 2,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::ExitCode::{Failure, Success, Usage};

    #[test]
    fn a_success_changes_nothing() {
        for code in [Success, Failure, Usage] {
            assert_eq!(Success.merge(code), code);
            assert_eq!(code.merge(Success), code);
        }
    }

    #[test]
    fn the_worse_code_wins() {
        assert_eq!(Failure.merge(Failure), Failure);
        assert_eq!(Failure.merge(Usage), Usage);
        assert_eq!(Usage.merge(Failure), Usage);
    }
}
