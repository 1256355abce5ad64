//! Plots in SVG: rows of points on a logarithmic scale, which is all that these figures need.

use std::fmt::Write;

const WIDTH: f64 = 860.0;
/// Where the scale begins and ends.
const LEFT: f64 = 210.0;
const RIGHT: f64 = 830.0;
const TOP: f64 = 70.0;
const ROW: f64 = 20.0;
/// Of the series, told apart also by those who see no colours: lightness differs.
const COLOURS: &[&str] = &["#1b4f8a", "#e08214", "#35a162", "#b2182b"];

/// Rows of values, one value for each series or none.
pub(super) struct Plot<'a> {
    pub(super) title: &'a str,
    pub(super) unit: &'a str,
    pub(super) series: &'a [&'a str],
    pub(super) rows: Vec<(String, Vec<Option<f64>>)>,
}

impl Plot<'_> {
    /// The picture.
    pub(super) fn svg(&self) -> String {
        let bottom = TOP + ROW * f64::from(u32::try_from(self.rows.len()).unwrap_or(u32::MAX));
        let height = bottom + 40.0;
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" font-family=\"sans-serif\" font-size=\"12\">\n\
             <rect width=\"{WIDTH}\" height=\"{height}\" fill=\"#ffffff\"/>\n"
        );
        // Writing into a string does not fail.
        writeln!(
            svg,
            "{}",
            text(
                10.0,
                22.0,
                "start",
                self.title,
                "font-size=\"15\" font-weight=\"bold\""
            )
        )
        .ok();
        self.legend(&mut svg);
        let (from, to) = self.decades();
        self.axis(&mut svg, (from, to), bottom);
        for (number, (name, values)) in self.rows.iter().enumerate() {
            let y = TOP + ROW * (f64::from(u32::try_from(number).unwrap_or(u32::MAX)) + 0.5);
            writeln!(svg, "{}", text(LEFT - 10.0, y + 4.0, "end", name, "")).ok();
            let points = values.iter().zip(COLOURS);
            for (value, colour) in points.filter_map(|(value, colour)| Some(((*value)?, colour))) {
                let x = place(value, from, to);
                let title = format!("<title>{value:.2} {}</title>", self.unit);
                writeln!(
                    svg,
                    "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4.5\" fill=\"{colour}\">{title}</circle>"
                )
                .ok();
            }
        }
        svg.push_str("</svg>\n");
        svg
    }

    fn axis(&self, svg: &mut String, (from, to): (i32, i32), bottom: f64) {
        for decade in from..=to {
            let value = 10_f64.powi(decade);
            let x = place(value, from, to);
            writeln!(svg, "<path d=\"M{x:.1} {TOP}V{bottom}\" stroke=\"#d0d0d0\"/>").ok();
            let label = format!("{value} {}", self.unit);
            writeln!(
                svg,
                "{}",
                text(x, bottom + 18.0, "middle", &label, "fill=\"#505050\"")
            )
            .ok();
        }
    }

    fn legend(&self, svg: &mut String) {
        let mut x = 10.0;
        for (name, colour) in self.series.iter().zip(COLOURS) {
            writeln!(
                svg,
                "<circle cx=\"{}\" cy=\"44\" r=\"4.5\" fill=\"{colour}\"/>",
                x + 5.0
            )
            .ok();
            writeln!(svg, "{}", text(x + 15.0, 48.0, "start", name, "")).ok();
            x += 40.0 + 7.0 * f64::from(u32::try_from(name.len()).unwrap_or_default());
        }
    }

    /// The powers of ten that all values lie between.
    fn decades(&self) -> (i32, i32) {
        let values = self.rows.iter().flat_map(|(_, values)| values.iter().flatten());
        let values = values.copied().filter(|value| *value > 0.0);
        let least = values.clone().fold(f64::INFINITY, f64::min);
        let most = values.fold(0.0, f64::max);
        if most <= 0.0 {
            return (0, 1);
        }
        let from = decade(least.log10().floor());
        (from, decade(most.log10().ceil()).max(from + 1))
    }
}

/// A power of ten among those of milliseconds and megabytes.
fn decade(power: f64) -> i32 {
    (-9..=9)
        .find(|candidate| f64::from(*candidate) >= power)
        .unwrap_or(9)
}

fn place(value: f64, from: i32, to: i32) -> f64 {
    let share = (value.log10() - f64::from(from)) / f64::from(to - from);
    LEFT + (RIGHT - LEFT) * share.clamp(0.0, 1.0)
}

fn text(x: f64, y: f64, anchor: &str, content: &str, more: &str) -> String {
    let content = content.replace('&', "&amp;").replace('<', "&lt;");
    format!("<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\" {more}>{content}</text>")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plot(rows: Vec<(String, Vec<Option<f64>>)>) -> Plot<'static> {
        Plot {
            title: "A & B",
            unit: "ms",
            series: &["ours", "theirs"],
            rows,
        }
    }

    #[test]
    fn a_tenth_and_a_hundred_are_at_the_ends_and_one_in_between() {
        let plot = plot(vec![
            ("a".to_owned(), vec![Some(0.1), Some(100.0)]),
            ("b".to_owned(), vec![Some(1.0), None]),
        ]);
        assert_eq!(plot.decades(), (-1, 2));
        assert!((place(0.1, -1, 2) - LEFT).abs() < 1e-9);
        assert!((place(100.0, -1, 2) - RIGHT).abs() < 1e-9);
        assert!((place(1.0, -1, 2) - (LEFT + (RIGHT - LEFT) / 3.0)).abs() < 1e-9);
        let svg = plot.svg();
        // Two of the legend, three values.
        assert_eq!(svg.matches("<circle").count(), 5);
        assert!(svg.contains("A &amp; B"));
    }

    #[test]
    fn nothing_to_show_is_an_empty_plot() {
        assert_eq!(plot(Vec::new()).decades(), (0, 1));
        assert!(plot(Vec::new()).svg().ends_with("</svg>\n"));
    }
}
