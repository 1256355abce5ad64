//! Letters: the accents that names carry in the directory and lose in many files.

/// The same text without its accents: `Muñoz` becomes `Munoz`, `Nguyễn` becomes `Nguyen`.
pub(crate) fn unaccented(text: &str) -> String {
    text.chars().map(plain_letter).collect()
}

fn plain_letter(letter: char) -> char {
    match letter {
        '’' => '\'',
        '–' => '-',
        _ if letter.is_ascii() => letter,
        _ if letter.is_uppercase() => letter
            .to_lowercase()
            .map(plain_lower)
            .next()
            .unwrap_or(letter)
            .to_ascii_uppercase(),
        _ => plain_lower(letter),
    }
}

fn plain_lower(letter: char) -> char {
    match letter {
        'á' | 'à' | 'â' | 'ä' | 'å' | 'ã' | 'ă' | 'ạ' | 'ả' | 'ầ' | 'ấ' | 'ặ' => 'a',
        'é' | 'è' | 'ê' | 'ë' | 'ễ' | 'ế' | 'ệ' => 'e',
        'í' | 'ì' | 'î' | 'ï' | 'ị' => 'i',
        'ó' | 'ò' | 'ô' | 'ö' | 'õ' | 'ơ' | 'ồ' | 'ọ' | 'ỗ' => 'o',
        'ú' | 'ù' | 'û' | 'ü' | 'ũ' | 'ư' | 'ụ' => 'u',
        'ý' | 'ỳ' => 'y',
        'ñ' => 'n',
        'ç' => 'c',
        'đ' => 'd',
        other => other,
    }
}

/// Whether every letter is in Windows-1252's Latin part: the most that the state's files have ever held.
pub(crate) fn is_western(text: &str) -> bool {
    text.chars().all(|letter| letter <= '\u{ff}' || letter == '’')
}

/// The same words as they stand within a sentence: `Tree care` becomes `tree care`, `EV charging` stays.
pub(crate) fn uncapitalised(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) if !letters.clone().next().is_some_and(char::is_uppercase) => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => text.to_owned(),
    }
}

/// Lower-case letters and digits with hyphens between: for e-mail addresses and web addresses.
pub(crate) fn slug(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    for letter in unaccented(text).to_lowercase().chars() {
        if letter.is_ascii_alphanumeric() {
            slug.push(letter);
        } else if letter != '\'' && !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_go_and_letters_stay() {
        assert_eq!(
            unaccented("Muñoz Nguyễn Đặng-Ibáñez DƯƠNG"),
            "Munoz Nguyen Dang-Ibanez DUONG"
        );
        assert!(is_western("MUÑOZ O’BRIEN"));
        assert!(!is_western("Nguyễn"));
        assert_eq!(
            (uncapitalised("Tree care"), uncapitalised("EV charging")),
            ("tree care".into(), "EV charging".into())
        );
        assert_eq!(slug("O'Brien & Muñoz, Inc"), "obrien-munoz-inc");
    }
}
