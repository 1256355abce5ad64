use proptest::prelude::*;

use super::*;

fn new(text: &str) -> Result<NewPassword, PasswordError> {
    text.to_owned().try_into()
}

fn judge(text: &str, about_owner: &[&str]) -> Result<(), PasswordError> {
    new(text)?.refuse_expected(about_owner)
}

#[test]
fn the_length_is_counted_in_characters_of_the_normal_form() {
    assert_eq!(new(&"ñ".repeat(14)), Err(PasswordError::TooShort));
    assert!(new(&"ñ".repeat(15)).is_ok());
    assert_eq!(new(&"n\u{303}".repeat(14)), Err(PasswordError::TooShort));
    assert!(new(&"🔑 a".repeat(5)).is_ok());
    assert!(new(&"x".repeat(LONGEST)).is_ok());
    assert_eq!(new(&"x".repeat(LONGEST + 1)), Err(PasswordError::TooLong));
    assert_eq!(new(&"\u{fdfa}".repeat(LONGEST)), Err(PasswordError::TooLong));
    assert_eq!(new(&"x".repeat(1_000_000)), Err(PasswordError::TooLong));
}

#[test]
fn what_looks_the_same_is_the_same() {
    let typed: Password = "Contrasen\u{303}a \u{ff21}".to_owned().try_into().unwrap();
    let stored: Password = "Contraseña A".to_owned().try_into().unwrap();
    assert_eq!(typed.as_bytes(), stored.as_bytes());
}

#[test]
fn no_composition_is_asked_for() {
    for good in [
        "correct horse battery staple",
        "wet plaster hums under oaks",
        "xkqvbwzjyhfpmrt",
        "840271936502847",
        "каждый охотник желает",
        "  spaces  and  more  gaps ",
    ] {
        assert_eq!(
            judge(good, &["maria@example.org", "Maria", "Muñoz"]),
            Ok(()),
            "{good}"
        );
    }
}

#[test]
fn common_passwords_made_long_are_refused() {
    for bad in [
        "passwordpassword",
        "Password1234567",
        "P@ssw0rdP@ssw0rd!",
        "123456789012345",
        "111111111111111",
        "abcabcabcabcabc",
        "abcdefghijklmno",
        "qwertyuiopasdfg",
        "qwertyuiop[]123",
        "1q2w3e4r5t6y7u8i",
        "1qaz2wsx3edc4rfv",
        "manchesterunited",
        "iloveyouiloveyou",
        "sunshineprincess",
        "letmeinletmein2024",
        "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz",
        "               ",
    ] {
        assert_eq!(judge(bad, &[]), Err(PasswordError::Expected), "{bad}");
    }
}

#[test]
fn words_about_the_owner_and_the_portal_are_refused() {
    let about = [
        "maria.munoz@example.org",
        "maria.munoz",
        "María",
        "Muñoz",
        "Muñoz & Daughters",
    ];
    for bad in [
        "MariaMunoz12345",
        "maria.munoz@example.org",
        "NAMC-NorCal-Portal",
        "MuñozDaughters2026",
        "namcnorcal123456",
    ] {
        assert_eq!(judge(bad, &about), Err(PasswordError::Expected), "{bad}");
    }
    assert_eq!(
        judge("MariaMunoz12345", &["María", "Muñoz"]),
        Err(PasswordError::Expected)
    );
    assert_eq!(judge("maria likes wet plaster", &about), Ok(()));
}

#[test]
fn a_password_never_shows_itself() {
    let shown = format!(
        "{:?}{:?}",
        new("correct horse battery").unwrap(),
        Password("hunter2".to_owned())
    );
    assert_eq!(shown, "NewPasswordPassword");
}

proptest! {
    #[test]
    fn what_is_random_is_taken(text in "[a-zA-Z0-9]{20}") {
        prop_assert_eq!(judge(&text, &["maria@example.org"]), Ok(()));
    }

    #[test]
    fn what_is_repeated_is_refused(unit in "[a-z0-9]{2,6}") {
        let long = unit.repeat(15_usize.div_ceil(unit.len()));
        prop_assert_eq!(judge(&long, &[]), Err(PasswordError::Expected));
    }

    #[test]
    fn any_text_is_judged(text in "\\PC{15,64}", name in "\\PC{0,20}") {
        let _ = judge(&text, &[&name]);
    }
}
