//! What a run prints: a table for people and one JSON line per figure on stdout, progress on stderr.

use crate::load::percentile_ms;
use serde_json::{Value, json};
use std::io::Write;

/// One figure.
#[derive(Debug, Clone)]
pub(crate) struct Figure {
    pub(crate) name: String,
    pub(crate) value: f64,
    pub(crate) unit: &'static str,
    pub(crate) p50_ms: Option<f64>,
    pub(crate) p99_ms: Option<f64>,
    pub(crate) limit: Option<f64>,
    pub(crate) limit_p99_ms: Option<f64>,
    /// Processor time of one push, the database's included, in microseconds.
    pub(crate) cpu_us: Option<f64>,
    pub(crate) limit_cpu_us: Option<f64>,
}

impl Figure {
    /// A figure with nothing to compare with.
    pub(crate) fn alone(name: String, value: f64, unit: &'static str) -> Self {
        Self {
            name,
            value,
            unit,
            p50_ms: None,
            p99_ms: None,
            limit: None,
            limit_p99_ms: None,
            cpu_us: None,
            limit_cpu_us: None,
        }
    }

    /// Beside the limit's figure of the same name.
    pub(crate) fn beside(self, limit: Self) -> Self {
        Self {
            limit: Some(limit.value),
            limit_p99_ms: limit.p99_ms,
            ..self
        }
    }

    fn ratio(&self) -> Option<f64> {
        self.limit
            .filter(|limit| *limit > 0.0)
            .map(|limit| self.value / limit)
    }

    fn json(&self) -> Value {
        let mut line = json!({"name": self.name, "value": round(self.value), "unit": self.unit});
        let optional = [
            ("p50_ms", self.p50_ms),
            ("p99_ms", self.p99_ms),
            ("limit", self.limit),
            ("ratio", self.ratio()),
            ("limit_p99_ms", self.limit_p99_ms),
            ("cpu_us", self.cpu_us),
            ("limit_cpu_us", self.limit_cpu_us),
        ];
        for (name, value) in optional {
            if let Some(value) = value {
                line[name] = json!(round(value));
            }
        }
        line
    }

    fn row(&self) -> String {
        let cell = |value: Option<f64>| value.map_or(String::new(), |value| round(value).to_string());
        let (name, unit, value) = (&self.name, self.unit, round(self.value));
        let (p50, p99, limit) = (cell(self.p50_ms), cell(self.p99_ms), cell(self.limit));
        let (ratio, limit_p99) = (cell(self.ratio()), cell(self.limit_p99_ms));
        format!("{name:<24}{value:>10} {unit:<5}{p50:>9}{p99:>9}{limit:>10}{ratio:>8}{limit_p99:>13}")
    }
}

/// Three digits after the point are more than is measured.
fn round(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

/// The `percent` percentile of timed turns, in milliseconds: the median over the turns. With it the usual two.
pub(crate) fn timed(name: &str, mut turns: Vec<Vec<u64>>, percent: f64) -> Figure {
    turns.iter_mut().for_each(|micros| micros.sort_unstable());
    let of = |percent| {
        median(
            turns
                .iter()
                .map(|micros| percentile_ms(micros, percent))
                .collect(),
        )
    };
    Figure {
        p50_ms: Some(of(50.0)),
        p99_ms: Some(of(99.0)),
        ..Figure::alone(name.to_owned(), of(percent), "ms")
    }
}

/// The middle value; of an even number the lower of the two.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values
        .get(values.len().saturating_sub(1) / 2)
        .copied()
        .unwrap_or_default()
}

/// Prints the table and the lines.
pub(crate) fn print(figures: &[Figure]) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    let (name, value, limit) = ("figure", "value", "limit");
    writeln!(
        out,
        "{name:<24}{value:>10} unit {:>9}{:>9}{limit:>10}{:>8}{:>13}",
        "p50 ms", "p99 ms", "ratio", "limit p99"
    )?;
    for figure in figures {
        writeln!(out, "{}", figure.row())?;
    }
    for figure in figures {
        writeln!(out, "{}", figure.json())?;
    }
    out.flush()
}

/// Progress and complaints. A closed stderr is no reason to stop.
pub(crate) fn complain(text: &str) {
    drop(writeln!(std::io::stderr(), "{text}"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_with_a_limit_has_all_fields_and_one_without_only_its_own() {
        let name = "ingest/sqlite/c64".to_owned();
        let full = Figure {
            p50_ms: Some(1.0),
            p99_ms: Some(2.0),
            limit: Some(200.0),
            limit_p99_ms: Some(1.5),
            ..Figure::alone(name, 190.0, "1/s")
        };
        let expected = json!({"name": "ingest/sqlite/c64", "value": 190.0, "unit": "1/s", "p50_ms": 1.0, "p99_ms": 2.0,
            "limit": 200.0, "ratio": 0.95, "limit_p99_ms": 1.5});
        assert_eq!(full.json(), expected);
        let alone = Figure::alone("memory/idle".to_owned(), 20.5, "MB");
        assert_eq!(
            alone.json(),
            json!({"name": "memory/idle", "value": 20.5, "unit": "MB"})
        );
    }

    #[test]
    fn the_median_is_the_middle_value() {
        assert_eq!(median(vec![3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(vec![]), 0.0);
    }
}
