//! Licence classes and the words for the work that each covers, so that whoever looks for an electrician finds firms that are
//! called "Electric" or hold a C-10.

use crate::contractor::Classification;

/// A line of work.
#[derive(Debug)]
pub(super) struct Trade {
    /// The class of the licence, as a word of documents.
    pub(super) class: &'static str,
    /// What its words begin with.
    pub(super) stems: &'static [&'static str],
    /// What people call it, and those who do it.
    words: &'static [&'static str],
}

/// The classes of the Contractors State License Board (<https://www.cslb.ca.gov/about_us/library/licensing_classifications/>) whose work
/// has words of its own. Words that mean more than one trade, or little by themselves ("general", "pipe"), are not here.
#[rustfmt::skip]
const TRADES: &[Trade] = &[
    Trade { class: "c2", stems: &["insulat"], words: &["insulation", "insulator", "insulators", "insulating"] },
    Trade { class: "c5", stems: &["carpent", "framing"], words: &["carpenter", "carpenters", "carpentry", "framer", "framers", "framing"] },
    Trade { class: "c6", stems: &["cabinet", "millwork"], words: &["cabinet", "cabinets", "cabinetry", "cabinetmaker", "millwork"] },
    Trade { class: "c8", stems: &["concret"], words: &["concrete"] },
    Trade { class: "c9", stems: &["drywall"], words: &["drywall", "drywaller", "drywallers", "sheetrock"] },
    Trade { class: "c10", stems: &["electric"], words: &["electrician", "electricians", "electrical", "electric", "electricity"] },
    Trade { class: "c11", stems: &["elevator"], words: &["elevator", "elevators"] },
    Trade { class: "c12", stems: &["excavat", "earthwork", "grading"], words: &["excavation", "excavator", "excavators", "excavating", "earthwork"] },
    Trade { class: "c13", stems: &["fenc"], words: &["fence", "fences", "fencing"] },
    Trade { class: "c15", stems: &["floor"], words: &["flooring", "floors"] },
    Trade { class: "c16", stems: &["sprinkler"], words: &["sprinkler", "sprinklers"] },
    Trade { class: "c17", stems: &["glaz", "glass"], words: &["glazier", "glaziers", "glazing", "glass"] },
    Trade { class: "c20", stems: &["hvac", "heating"], words: &["hvac", "heating", "furnace", "furnaces"] },
    Trade { class: "c21", stems: &["demoli", "wrecking"], words: &["demolition", "demolish", "wrecking"] },
    Trade { class: "c22", stems: &["asbestos", "abatement"], words: &["asbestos", "abatement"] },
    Trade { class: "c27", stems: &["landscap", "garden"], words: &["landscaper", "landscapers", "landscaping", "landscape", "gardener", "gardeners"] },
    Trade { class: "c29", stems: &["mason"], words: &["mason", "masons", "masonry", "bricklayer", "bricklayers"] },
    Trade { class: "c33", stems: &["paint"], words: &["painter", "painters", "painting"] },
    Trade { class: "c35", stems: &["plaster", "stucco"], words: &["plaster", "plasterer", "plasterers", "plastering", "stucco"] },
    Trade { class: "c36", stems: &["plumb"], words: &["plumber", "plumbers", "plumbing"] },
    Trade { class: "c38", stems: &["refrigerat"], words: &["refrigeration"] },
    Trade { class: "c39", stems: &["roof"], words: &["roofer", "roofers", "roofing"] },
    Trade { class: "c45", stems: &["signage"], words: &["signage"] },
    Trade { class: "c46", stems: &["solar"], words: &["solar", "photovoltaic", "photovoltaics"] },
    Trade { class: "c49", stems: &["tree", "arborist"], words: &["arborist", "arborists"] },
    Trade { class: "c50", stems: &["rebar"], words: &["rebar"] },
    Trade { class: "c53", stems: &["pool"], words: &["pools"] },
    Trade { class: "c54", stems: &["tile", "tiling"], words: &["tile", "tiles", "tiler", "tilers", "tiling", "tilesetter"] },
    Trade { class: "c57", stems: &["drill"], words: &["drilling", "driller", "drillers"] },
    Trade { class: "c60", stems: &["weld"], words: &["welder", "welders", "welding"] },
];

/// The trade that a word stands for.
pub(super) fn trade_of(word: &str) -> Option<&'static Trade> {
    TRADES.iter().find(|trade| trade.words.contains(&word))
}

/// What people call the trades and those who do them, whether any document has the word or not.
pub(super) fn trade_words() -> impl Iterator<Item = &'static str> {
    TRADES.iter().flat_map(|trade| trade.words).copied()
}

/// The class that a word without punctuation names, as a word of documents: `c8` of `C08`. Letters with a number alone: a
/// class of letters alone is a word like others.
pub(super) fn class_of(word: &str) -> Option<String> {
    let number = word.strip_prefix(['b', 'c', 'd'])?;
    let is_number = (1..=3).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit());
    let class: Classification = word.parse().ok().filter(|_| is_number)?;
    let class = class.as_str().replace('-', "").to_lowercase();
    (class.len() <= 3).then_some(class)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn a_word_stands_for_one_trade_and_a_trade_for_one_class() {
        let words: Vec<_> = TRADES.iter().flat_map(|trade| trade.words).collect();
        assert_eq!(words.iter().collect::<HashSet<_>>().len(), words.len());
        let classes: HashSet<_> = TRADES.iter().map(|trade| trade.class).collect();
        assert_eq!(classes.len(), TRADES.len());
        for trade in TRADES {
            assert_eq!(class_of(trade.class).as_deref(), Some(trade.class));
        }
    }

    #[test]
    fn classes_have_a_letter_and_a_number_below_a_hundred() {
        for (word, class) in [
            ("c10", "c10"),
            ("c08", "c8"),
            ("d7", "d21"),
            ("b2", "b2"),
            ("c010", "c10"),
        ] {
            assert_eq!(class_of(word).as_deref(), Some(class), "{word}");
        }
        for word in ["c", "10", "c100", "osha30", "a1", "haz", "c1o", ""] {
            assert_eq!(class_of(word), None, "{word}");
        }
    }
}
