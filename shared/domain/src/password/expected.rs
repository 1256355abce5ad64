//! How early a password is guessed by somebody who tries what people choose.
//!
//! Lists of leaked passwords hold few of 15 characters or more. What people do when they are asked for more is to write a common
//! password twice, to add a row of digits, or to put their name before it. So the *whole* password is taken apart into the fewest
//! pieces that such a guesser would try; a piece weighs about as many characters as there are bits in choosing it, by five. Words
//! that merely stand in a longer password do no harm: what is around them counts in full.

use std::collections::HashSet;
use std::sync::LazyLock;

/// The least weight that is taken: about forty bits, beyond what can be tried against Argon2id.
pub(super) const ENOUGH: usize = 8;

/// One of the 20,000 common passwords.
const COMMON: usize = 3;
/// A row of neighbours on the keyboard or in the alphabet.
const RUN: usize = 2;
/// A year of the last or this century.
const YEAR: usize = 2;
/// What stood before, once more or many times.
const REPETITION: usize = 1;
/// A word about the owner or the portal, which is known beforehand.
const KNOWN_WORD: usize = 1;
/// Any other character.
const CHARACTER: usize = 1;

/// The fewest characters of a run: two are neighbours by accident.
const SHORTEST_RUN: usize = 3;

/// Rows of keys that fingers walk along, in both directions.
const ROWS: &[&str] = &["qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./", "1234567890-="];

/// The common passwords, in lower case; see `data/README.md` for their source.
static COMMON_PASSWORDS: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| include_str!("../../data/common_passwords.txt").lines().collect());

/// The lengths that common passwords have.
const COMMON_LENGTHS: std::ops::RangeInclusive<usize> = 4..=24;

/// The least weight by which a password can be taken apart. It and the `known` words are in lower case and without accents.
pub(super) fn weight(password: &str, known: &[&str]) -> usize {
    let plain: Vec<char> = password.chars().collect();
    let spellings = [plain.clone(), respelled(&plain, 'i'), respelled(&plain, 'l')];
    let known: Vec<Vec<char>> = known.iter().map(|word| word.chars().collect()).collect();
    let mut least: Vec<usize> = (0..=plain.len()).collect();
    for start in 0..plain.len() {
        let before = least.get(start).copied().unwrap_or(usize::MAX);
        let mut reach = |length: usize, weight: usize| {
            if let Some(after) = least.get_mut(start + length) {
                *after = (*after).min(before.saturating_add(weight));
            }
        };
        reach(1, CHARACTER);
        for spelling in &spellings {
            common_at(spelling, start).for_each(|length| reach(length, COMMON));
            let words = known
                .iter()
                .filter(|word| rest(spelling, start).starts_with(word));
            words.for_each(|word| reach(word.len(), KNOWN_WORD));
        }
        (SHORTEST_RUN..=run_at(&plain, start)).for_each(|length| reach(length, RUN));
        if is_year_at(&plain, start) {
            reach(4, YEAR);
        }
        repetitions_at(&plain, start).for_each(|length| reach(length, REPETITION));
    }
    least.last().copied().unwrap_or(0)
}

/// The same without the signs that stand for letters; `1` stands for two.
fn respelled(text: &[char], one: char) -> Vec<char> {
    let letter = |c: &char| match c {
        '0' => 'o',
        '1' | '!' => one,
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        other => *other,
    };
    text.iter().map(letter).collect()
}

fn rest(text: &[char], start: usize) -> &[char] {
    text.get(start..).unwrap_or_default()
}

/// The lengths of the common passwords that stand at a place.
fn common_at(text: &[char], start: usize) -> impl Iterator<Item = usize> + '_ {
    COMMON_LENGTHS.filter(move |length| {
        let piece: Option<String> = rest(text, start)
            .get(..*length)
            .map(|piece| piece.iter().collect());
        piece.is_some_and(|piece| COMMON_PASSWORDS.contains(piece.as_str()))
    })
}

/// The length of the longest run that begins at a place: equal steps of the alphabet or the digits, or a row of keys.
fn run_at(text: &[char], start: usize) -> usize {
    let text = rest(text, start);
    let of = |step: &dyn Fn(char, char) -> bool| {
        1 + text
            .windows(2)
            .take_while(|pair| matches!(pair, [a, b] if step(*a, *b)))
            .count()
    };
    let by =
        |distance: i64| move |a: char, b: char| i64::from(u32::from(b)) - i64::from(u32::from(a)) == distance;
    let along = |forward: bool| {
        move |a: char, b: char| {
            let (a, b) = if forward { (a, b) } else { (b, a) };
            ROWS.iter()
                .any(|row| row.chars().zip(row.chars().skip(1)).any(|pair| pair == (a, b)))
        }
    };
    [
        of(&by(0)),
        of(&by(1)),
        of(&by(-1)),
        of(&along(true)),
        of(&along(false)),
    ]
    .into_iter()
    .max()
    .unwrap_or(1)
}

/// Whether four digits that read as a year stand at a place.
fn is_year_at(text: &[char], start: usize) -> bool {
    let is_digit = |c: &char| c.is_ascii_digit();
    matches!(rest(text, start), [a, b, c, d, ..] if matches!((a, b), ('1', '9') | ('2', '0')) && is_digit(c) && is_digit(d))
}

/// The lengths over which a place repeats what stands right before it, whole or cut short at the end.
fn repetitions_at(text: &[char], start: usize) -> impl Iterator<Item = usize> + '_ {
    (1..=start).flat_map(move |period| {
        let earlier = rest(text, start - period).iter();
        let same = rest(text, start)
            .iter()
            .zip(earlier)
            .take_while(|(a, b)| a == b)
            .count();
        let whole = (1..=same / period).map(move |times| times * period);
        // Two letters that are equal are no repetition, and a part of one counts only where the password ends.
        let cut_short = (same > 1 && start + same == text.len()).then_some(same);
        whole.filter(|length| *length > 1).chain(cut_short)
    })
}
