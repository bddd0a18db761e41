//! Processor time of running programs, as the kernel counts it: unlike what the clock says, it hardly depends on who
//! else uses the machine.

use anyhow::{Context, Result};
use std::path::Path;

/// What one tick of `/proc/…/stat` is, in microseconds: the kernel counts in hundredths of a second for programs.
const TICK_US: f64 = 10_000.0;

/// User and system time of a process so far, in microseconds.
pub(crate) fn of(pid: u32) -> Result<f64> {
    let stat = Stat::read(&Path::new("/proc").join(pid.to_string()))?;
    Ok(stat.ticks * TICK_US)
}

/// The same of all processes that `parent` has started and that still run.
pub(crate) fn of_children(parent: u32) -> Result<f64> {
    let processes = std::fs::read_dir("/proc")?.flatten();
    // Whoever ends while we look is no child any more.
    let stats = processes.filter_map(|process| Stat::read(&process.path()).ok());
    let ticks: f64 = stats
        .filter(|stat| stat.parent == parent)
        .map(|stat| stat.ticks)
        .sum();
    Ok(ticks * TICK_US)
}

#[derive(Debug, PartialEq)]
struct Stat {
    parent: u32,
    ticks: f64,
}

impl Stat {
    fn read(process: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(process.join("stat"))?;
        Self::parse(&text).with_context(|| format!("{} in a form of its own", process.display()))
    }

    /// The name, in brackets, may contain anything; what follows the last bracket is numbers.
    fn parse(text: &str) -> Option<Self> {
        let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
        let number = |place: usize| fields.get(place)?.parse::<u32>().ok();
        Some(Self {
            parent: number(1)?,
            ticks: f64::from(number(11)?) + f64::from(number(12)?),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parent_and_times_are_found_behind_a_name_with_brackets_and_blanks() {
        let text =
            "22417 (postgres: a) b) S 22204 22417 22417 0 -1 4194624 2345 0 0 0 141 59 0 0 20 0 1 0 123 1 1";
        let expected = Stat {
            parent: 22204,
            ticks: 200.0,
        };
        assert_eq!(Stat::parse(text), Some(expected));
        assert_eq!(Stat::parse("1 (x"), None);
    }

    #[test]
    fn this_process_has_used_some() {
        let mut sum = 0_u64;
        while of(std::process::id()).expect("our own") < TICK_US {
            sum = sum.wrapping_mul(31).wrapping_add(7);
        }
        assert_ne!(sum, 1);
    }
}
