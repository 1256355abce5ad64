//! People's names as one meets them in California's building trades: many Spanish and Asian ones, with accents and without.

use super::random::Random;
use super::text::unaccented;

/// A person's name, in mixed case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Person {
    pub(crate) given: String,
    /// A second given name; often absent.
    pub(crate) middle: Option<&'static str>,
    pub(crate) family: String,
}

impl Person {
    /// Draws a name.
    pub(crate) fn draw(random: &mut Random) -> Self {
        let people = random.weighted(PEOPLES);
        let (given, family) = (random.pick(people.given), random.pick(people.family));
        let middle = random.chance(450).then(|| random.pick(MIDDLE));
        // Two people in five write their name without its accents, or a clerk did it for them.
        let plain = random.chance(400);
        let spell = |name: &str| if plain { unaccented(name) } else { name.to_owned() };
        let mut family = spell(family);
        if people.two_family_names && random.chance(150) {
            family = format!("{family} {}", spell(random.pick(people.family)));
        }
        Self {
            given: spell(given),
            middle,
            family,
        }
    }

    /// `JANE MARIE EXAMPLE`: as the state writes a person.
    pub(crate) fn given_first(&self) -> String {
        self.joined(&self.given, &self.family)
    }

    /// `EXAMPLE JANE MARIE`: as the state files a sole owner.
    pub(crate) fn family_first(&self) -> String {
        match self.middle {
            Some(middle) => format!("{} {} {middle}", self.family, self.given).to_uppercase(),
            None => format!("{} {}", self.family, self.given).to_uppercase(),
        }
    }

    fn joined(&self, first: &str, last: &str) -> String {
        match self.middle {
            Some(middle) => format!("{first} {middle} {last}").to_uppercase(),
            None => format!("{first} {last}").to_uppercase(),
        }
    }
}

/// A family name alone, in mixed case; firms leave the accents out more often than people do.
pub(crate) fn family_name(random: &mut Random) -> String {
    let people = random.weighted(PEOPLES);
    let name = random.pick(people.family);
    if random.chance(600) {
        unaccented(name)
    } else {
        name.to_owned()
    }
}

#[derive(Clone, Copy, Default)]
struct People {
    given: &'static [&'static str],
    family: &'static [&'static str],
    two_family_names: bool,
}

const fn people(given: &'static [&'static str], family: &'static [&'static str]) -> People {
    People {
        given,
        family,
        two_family_names: false,
    }
}

const PEOPLES: &[(u32, People)] = &[
    (
        36,
        People {
            given: SPANISH_GIVEN,
            family: SPANISH_FAMILY,
            two_family_names: true,
        },
    ),
    (26, people(ENGLISH_GIVEN, ENGLISH_FAMILY)),
    (9, people(CHINESE_GIVEN, CHINESE_FAMILY)),
    (7, people(VIETNAMESE_GIVEN, VIETNAMESE_FAMILY)),
    (7, people(FILIPINO_GIVEN, FILIPINO_FAMILY)),
    (5, people(INDIAN_GIVEN, INDIAN_FAMILY)),
    (3, people(KOREAN_GIVEN, KOREAN_FAMILY)),
    (3, people(ARMENIAN_GIVEN, ARMENIAN_FAMILY)),
    (2, people(HMONG_GIVEN, HMONG_FAMILY)),
    (2, people(PORTUGUESE_GIVEN, PORTUGUESE_FAMILY)),
];

#[rustfmt::skip]
const MIDDLE: &[&str] = &[
    "A", "B", "C", "D", "E", "J", "L", "M", "R", "T", "Ann", "Marie", "Lee", "James", "Lynn", "Antonio",
    "Luis", "Rose", "Michael", "Manuel", "Grace", "Thi", "Van", "Alan",
];

#[rustfmt::skip]
const SPANISH_GIVEN: &[&str] = &[
    "José", "María", "Juan", "Guadalupe", "Jesús", "Ana", "Luis", "Rosa", "Carlos", "Martha", "Miguel",
    "Verónica", "Ángel", "Leticia", "Ramón", "Lucía", "Héctor", "Mónica", "Raúl", "Patricia", "Martín",
    "Sofía", "Adrián", "Inés", "Joaquín", "Elena", "Rubén", "Beatriz", "Efraín", "Yolanda", "Andrés",
    "Alejandra", "Óscar", "Graciela", "Tomás", "Silvia", "Gerardo", "Concepción", "Salvador", "Araceli",
    "Ignacio", "Marisol", "Rogelio", "Esperanza",
];
#[rustfmt::skip]
const SPANISH_FAMILY: &[&str] = &[
    "García", "Hernández", "López", "Martínez", "González", "Rodríguez", "Pérez", "Sánchez", "Ramírez",
    "Torres", "Flores", "Rivera", "Gómez", "Díaz", "Cruz", "Morales", "Reyes", "Gutiérrez", "Ortiz", "Chávez",
    "Ramos", "Ruiz", "Mendoza", "Álvarez", "Jiménez", "Castillo", "Vásquez", "Romero", "Moreno", "Muñoz",
    "Peña", "Núñez", "Ibáñez", "Castañeda", "Ávila", "Cervantes", "Figueroa", "Zúñiga", "Escobar",
    "Villaseñor", "Ordóñez", "Acuña", "Briseño", "Montoya", "De la Cruz", "Quiñones", "Arévalo", "Cárdenas",
    "Valdéz", "Salas",
];
#[rustfmt::skip]
const ENGLISH_GIVEN: &[&str] = &[
    "James", "Mary", "Robert", "Patricia", "John", "Jennifer", "Michael", "Linda", "David", "Barbara",
    "William", "Susan", "Richard", "Jessica", "Marcus", "Keisha", "Darnell", "Latoya", "Terrence", "Denise",
    "Malik", "Yvonne", "Sean", "Colleen", "Patrick", "Bridget", "Andre", "Tanya", "Reginald", "Monique",
    "Curtis", "Renée", "Scott", "Karen",
];
#[rustfmt::skip]
const ENGLISH_FAMILY: &[&str] = &[
    "Smith", "Johnson", "Williams", "Brown", "Jones", "Davis", "Miller", "Wilson", "Moore", "Taylor",
    "Anderson", "Thomas", "Jackson", "White", "Harris", "Washington", "Jefferson", "Robinson", "Walker",
    "Freeman", "Banks", "O'Brien", "O'Connor", "McDonald", "McCarthy", "Sullivan", "Murphy", "O'Neill",
    "Fitzgerald", "Kelly", "D'Angelo", "Coleman", "Booker", "Hayes", "Simmons", "Bryant", "Ellison",
    "Baldwin", "Toussaint", "Beauchêne",
];
#[rustfmt::skip]
const CHINESE_GIVEN: &[&str] = &[
    "Wei", "Mei", "Jian", "Li", "Hui", "Ming", "Xiao", "Jun", "Yan", "Kevin", "Amy", "Raymond", "Grace",
    "Wing", "Kit", "Ka-Ming", "Shu-Fen", "Victor", "Winnie", "Guo",
];
#[rustfmt::skip]
const CHINESE_FAMILY: &[&str] = &[
    "Chen", "Wong", "Li", "Wang", "Chan", "Lee", "Zhang", "Liu", "Huang", "Lin", "Yu", "Lam", "Leung", "Chow",
    "Tam", "Wu", "Ng", "Au-Yeung", "Fong", "Yee", "Ho", "Xu", "Zhao", "Lü",
];
#[rustfmt::skip]
const VIETNAMESE_GIVEN: &[&str] = &[
    "Minh", "Lan", "Hùng", "Hương", "Tuấn", "Thảo", "Dũng", "Mai", "Sơn", "Linh", "Quang", "Trang", "Khanh",
    "Kim", "Duc", "Anh",
];
#[rustfmt::skip]
const VIETNAMESE_FAMILY: &[&str] = &[
    "Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh", "Hoàng", "Võ", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương",
    "Lý", "Truong",
];
#[rustfmt::skip]
const FILIPINO_GIVEN: &[&str] = &[
    "Maricel", "Rodrigo", "Jocelyn", "Arnel", "Rowena", "Danilo", "Liza", "Ferdinand", "Cristina", "Rommel",
    "Benigno", "Luzviminda",
];
#[rustfmt::skip]
const FILIPINO_FAMILY: &[&str] = &[
    "Santos", "Reyes", "Bautista", "Ocampo", "Dela Cruz", "Villanueva", "Aquino", "Mercado", "Pascual",
    "Macapagal", "Dimaculangan", "Peñaflor", "Cabral", "Manalo", "Soriano", "Tolentino",
];
#[rustfmt::skip]
const INDIAN_GIVEN: &[&str] = &[
    "Harpreet", "Gurpreet", "Rajesh", "Priya", "Amarjit", "Sunita", "Manpreet", "Anil", "Kavita", "Balwinder",
    "Deepak", "Lakshmi",
];
#[rustfmt::skip]
const INDIAN_FAMILY: &[&str] = &[
    "Singh", "Patel", "Kaur", "Sharma", "Gill", "Sandhu", "Dhillon", "Kumar", "Sidhu", "Reddy", "Grewal",
    "Iyer", "Bains",
];
#[rustfmt::skip]
const KOREAN_GIVEN: &[&str] = &[
    "Min-Jun", "Sung", "Ji-Woo", "Hyun", "Young", "Eun-Ji", "Sang", "Hana", "Joon", "Soo-Jin",
];
#[rustfmt::skip]
const KOREAN_FAMILY: &[&str] = &[
    "Kim", "Park", "Lee", "Choi", "Jung", "Kang", "Cho", "Yoon", "Jang", "Lim", "Hong",
];
#[rustfmt::skip]
const ARMENIAN_GIVEN: &[&str] = &[
    "Armen", "Ani", "Hagop", "Siranush", "Vahe", "Arpi", "Tigran", "Nareh", "Garo", "Hasmik",
];
const ARMENIAN_FAMILY: &[&str] = &[
    "Petrosyan",
    "Grigoryan",
    "Sarkisian",
    "Hakobyan",
    "Avakian",
    "Der Bedrosian",
    "Manoukian",
    "Karapetyan",
];
const HMONG_GIVEN: &[&str] = &["Tou", "Mai", "Chue", "Pa", "Kong", "Yer", "Fue", "Bao"];
const HMONG_FAMILY: &[&str] = &["Vang", "Xiong", "Yang", "Thao", "Moua", "Her", "Lor", "Vue"];
const PORTUGUESE_GIVEN: &[&str] = &[
    "João",
    "Conceição",
    "Manuel",
    "Inês",
    "António",
    "Fátima",
    "Tony",
    "Lúcia",
];
const PORTUGUESE_FAMILY: &[&str] = &[
    "Silva",
    "Simões",
    "Gonçalves",
    "Avila",
    "Machado",
    "Brandão",
    "Azevedo",
    "Sousa",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::text::is_western;

    #[test]
    fn names_vary_and_keep_their_letters() {
        let mut random = Random::for_row(1, "names", 0);
        let people: Vec<Person> = (0..5000).map(|_| Person::draw(&mut random)).collect();
        for wanted in ["Muñoz", "Munoz", "O'Brien", "Nguyễn", "Nguyen", "Singh"] {
            assert!(
                people.iter().any(|person| person.family == wanted),
                "nobody is called {wanted}"
            );
        }
        assert!(
            people.iter().any(|person| person.family.contains(' ')),
            "two family names"
        );
    }

    #[test]
    fn the_state_files_sole_owners_by_family_name() {
        let person = Person {
            given: "José".into(),
            middle: Some("Luis"),
            family: "Muñoz".into(),
        };
        assert_eq!(person.family_first(), "MUÑOZ JOSÉ LUIS");
        assert_eq!(person.given_first(), "JOSÉ LUIS MUÑOZ");
    }

    #[test]
    fn no_letter_is_lost_without_a_plain_one_to_stand_for_it() {
        for (_, people) in PEOPLES {
            for name in people.given.iter().chain(people.family) {
                let plain = unaccented(name);
                assert!(plain.is_ascii(), "{name} becomes {plain}");
                assert_eq!(plain.chars().count(), name.chars().count());
                assert!(is_western(&plain));
            }
        }
    }
}
