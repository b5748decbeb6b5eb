//! The rows.

use super::{Example, Function, Group, Need, Parameter, Type, Work, data, logic, text, time};

const fn required(name: &'static str, ty: Type) -> Parameter {
    Parameter { name, ty, need: Need::Required }
}

const fn optional(name: &'static str, ty: Type, default: &'static str) -> Parameter {
    Parameter { name, ty, need: Need::Optional(default) }
}

const fn more(name: &'static str, ty: Type) -> Parameter {
    Parameter { name, ty, need: Need::Variadic }
}

const fn row(
    group: Group,
    name: &'static str,
    parameters: &'static [Parameter],
    result: Type,
    work: Work,
    help: &'static str,
) -> Function {
    Function { name, group, parameters, result, help, example: None, work }
}

impl Function {
    const fn example(mut self, call: &'static str, gives: &'static str) -> Self {
        self.example = Some(Example { call, gives });
        self
    }
}

const TEXT: Parameter = required("text", Type::Text);
const MATCH: Parameter = required("match", Type::TextOrRegex);
const LIST: Parameter = required("list", Type::List);
const OBJECT: Parameter = required("object", Type::Object);
const OWN: Parameter = required("function", Type::OwnFunction);
const NUMBER: Parameter = required("number", Type::Number);
const NUMBERS: &[Parameter] =
    &[required("a", Type::Number), required("b", Type::Number), more("more", Type::Number)];
const TWO_NUMBERS: &[Parameter] = &[required("a", Type::Number), required("b", Type::Number)];
const VALUES: &[Parameter] =
    &[required("a", Type::Any), required("b", Type::Any), more("more", Type::Any)];
const REPLACE: &[Parameter] = &[TEXT, MATCH, required("replacement", Type::Text)];

const REFUSED: Work = Work::Refused(
    "It takes a function of your own, and how one is written isn't documented: Slipway keeps it \
     and can't work it out.",
);

pub(super) static ALL: &[Function] = &[
    row(
        Group::General,
        "date",
        &[optional("format", Type::Text, "ISO 8601 with milliseconds")],
        Type::Text,
        Work::Given(time::date),
        "The time in UTC, in ISO 8601 with milliseconds or in a format of Moment.js, in English. \
         In a run it is the time at which the run began.",
    )
    .example("date('YYYY-MM-DD [at] HH:mm')", "\"2026-01-05 at 09:00\""),
    row(
        Group::General,
        "randomSecret",
        &[required("length", Type::Number), optional("encoding", Type::Text, "'base64'")],
        Type::Text,
        Work::Given(time::random_secret),
        "A random text in Base64 or 'hex' that is made once, kept, and the same from then on.",
    )
    .example("randomSecret(12, 'hex')", "\"7d1f9c02b4a8\""),
    row(
        Group::General,
        "fetchSecret",
        &[required("secretId", Type::Text)],
        Type::Any,
        Work::Given(time::fetch_secret),
        "The global secret with an ID that is worked out.",
    )
    .example("fetchSecret('deploy-key')", "{\"values\":{\"KEY\":\"value\"}}"),
    row(
        Group::Text,
        "toBase64",
        &[TEXT],
        Type::Text,
        Work::Plain(text::to_base64),
        "The text's bytes in UTF-8, written in Base64.",
    )
    .example("toBase64('naïve')", "\"bmHDr3Zl\""),
    row(
        Group::Text,
        "fromBase64",
        &[TEXT],
        Type::Text,
        Work::Plain(text::from_base64),
        "The text in UTF-8 that was written in Base64; anything else is an error.",
    )
    .example("fromBase64('bmHDr3Zl')", "\"naïve\""),
    row(
        Group::Text,
        "slug",
        &[TEXT],
        Type::Text,
        Work::Plain(text::slug),
        "The text as an ID: lower case, Latin letters without their accents, with one hyphen for \
         every run of characters other than a to z and 0 to 9, and none at the ends.",
    )
    .example("slug('My new Service')", "\"my-new-service\""),
    row(
        Group::Text,
        "indexOf",
        &[TEXT, required("match", Type::Text)],
        Type::Number,
        Work::Plain(text::index_of),
        "Where a text first stands in another, from 0; -1 where it doesn't. Places are UTF-16 \
         code units.",
    )
    .example("indexOf('feature/login', '/')", "7"),
    row(
        Group::Text,
        "search",
        &[TEXT, MATCH],
        Type::Number,
        Work::Plain(text::search),
        "Where a text or regular expression first matches, from 0; -1 where it doesn't. Places \
         are UTF-16 code units.",
    )
    .example("search('release-12', /[0-9]+/)", "8"),
    row(
        Group::Text,
        "replace",
        REPLACE,
        Type::Text,
        Work::Plain(text::replace),
        "The text with the first match replaced, or with every match of a regular expression that \
         has the flag g. $1, $<name> and $& stand for what was matched.",
    )
    .example("replace('v1.2', /v([0-9]+)/, 'version $1')", "\"version 1.2\""),
    row(
        Group::Text,
        "replaceAll",
        REPLACE,
        Type::Text,
        Work::Plain(text::replace_all),
        "The text with every match replaced; a regular expression doesn't need the flag g.",
    )
    .example("replaceAll('a/b/c', '/', '-')", "\"a-b-c\""),
    row(
        Group::Text,
        "slice",
        &[TEXT, required("start", Type::Number), optional("end", Type::Number, "the text's end")],
        Type::Text,
        Work::Plain(text::slice),
        "The text from one place to before another, in UTF-16 code units; what is negative counts \
         from the end.",
    )
    .example("slice('4f2d8a91c0', 0, 7)", "\"4f2d8a9\""),
    row(
        Group::Text,
        "length",
        &[TEXT],
        Type::Number,
        Work::Plain(text::length),
        "How long a text is, in UTF-16 code units as JavaScript counts: most characters are 1, an \
         emoji is 2 or more.",
    )
    .example("length('main')", "4"),
    row(
        Group::Text,
        "toUpper",
        &[TEXT],
        Type::Text,
        Work::Plain(text::to_upper),
        "The text in capital letters.",
    )
    .example("toUpper('staging')", "\"STAGING\""),
    row(
        Group::Text,
        "toLower",
        &[TEXT],
        Type::Text,
        Work::Plain(text::to_lower),
        "The text in small letters.",
    )
    .example("toLower('Staging')", "\"staging\""),
    row(
        Group::Text,
        "split",
        &[
            TEXT,
            required("separator", Type::TextOrRegex),
            optional("limit", Type::Number, "no limit"),
        ],
        Type::List,
        Work::Plain(text::split),
        "The parts of a text between separators; with a limit only the first ones.",
    )
    .example("split('a, b,c', /, */)", "[\"a\",\"b\",\"c\"]"),
    row(
        Group::Text,
        "join",
        &[LIST, optional("separator", Type::Text, "','")],
        Type::Text,
        Work::Plain(text::join),
        "The elements of a list as one text; objects and lists stand as JSON.",
    )
    .example("join(split('a/b', '/'), '-')", "\"a-b\""),
    row(
        Group::Boolean,
        "not",
        &[required("value", Type::Any)],
        Type::Boolean,
        Work::Plain(logic::not),
        "Whether the value is false: 0, an empty text, nothing and a name that isn't there are.",
    )
    .example("not('')", "true"),
    row(
        Group::Boolean,
        "or",
        VALUES,
        Type::Boolean,
        Work::Plain(logic::or),
        "Whether one of the values is true.",
    )
    .example("or(false, 'x')", "true"),
    row(
        Group::Boolean,
        "and",
        VALUES,
        Type::Boolean,
        Work::Plain(logic::and),
        "Whether all the values are true.",
    )
    .example("and(true, 0)", "false"),
    row(
        Group::Boolean,
        "if",
        &[
            required("condition", Type::Any),
            required("then", Type::Any),
            optional("else", Type::Any, "nothing"),
        ],
        Type::Any,
        Work::Choice,
        "The second value where the first is true, else the third. The other one isn't worked out.",
    )
    .example("if(eq('prod', 'prod'), 3, 1)", "3"),
    row(
        Group::Boolean,
        "eq",
        VALUES,
        Type::Boolean,
        Work::Plain(logic::eq),
        "Whether all values are the same, of the same type: '3' isn't 3. A name that isn't there \
         is false.",
    )
    .example("eq('main', 'main')", "true"),
    row(
        Group::Boolean,
        "neq",
        VALUES,
        Type::Boolean,
        Work::Plain(logic::neq),
        "Whether not all values are the same.",
    )
    .example("neq('main', 'develop')", "true"),
    row(
        Group::Boolean,
        "gt",
        TWO_NUMBERS,
        Type::Boolean,
        Work::Plain(logic::gt),
        "Whether the first number is greater. A comparison with a name that isn't there is false.",
    )
    .example("gt(3, 2)", "true"),
    row(
        Group::Boolean,
        "lt",
        TWO_NUMBERS,
        Type::Boolean,
        Work::Plain(logic::lt),
        "Whether the first number is less.",
    )
    .example("lt(3, 2)", "false"),
    row(
        Group::Boolean,
        "gte",
        TWO_NUMBERS,
        Type::Boolean,
        Work::Plain(logic::gte),
        "Whether the first number is greater, or the same.",
    )
    .example("gte(2, 2)", "true"),
    row(
        Group::Boolean,
        "lte",
        TWO_NUMBERS,
        Type::Boolean,
        Work::Plain(logic::lte),
        "Whether the first number is less, or the same.",
    )
    .example("lte(3, 2)", "false"),
    row(
        Group::Maths,
        "add",
        NUMBERS,
        Type::Number,
        Work::Plain(logic::add),
        "The sum. Texts of digits count as numbers; '' and a name that isn't there are 0.",
    )
    .example("add(1, 2, '3')", "6"),
    row(
        Group::Maths,
        "subtract",
        NUMBERS,
        Type::Number,
        Work::Plain(logic::subtract),
        "The first number less all the others.",
    )
    .example("subtract(10, 3, 2)", "5"),
    row(
        Group::Maths,
        "multiply",
        NUMBERS,
        Type::Number,
        Work::Plain(logic::multiply),
        "The product.",
    )
    .example("multiply(2, 3, 4)", "24"),
    row(
        Group::Maths,
        "divide",
        TWO_NUMBERS,
        Type::Number,
        Work::Plain(logic::divide),
        "The first number divided by the second, which must not be 0.",
    )
    .example("divide(7, 2)", "3.5"),
    row(
        Group::Maths,
        "remainder",
        TWO_NUMBERS,
        Type::Number,
        Work::Plain(logic::remainder),
        "What is left when the first number is divided by the second, which must not be 0; it has \
         the sign of the first.",
    )
    .example("remainder(7, 3)", "1"),
    row(
        Group::Maths,
        "exp",
        TWO_NUMBERS,
        Type::Number,
        Work::Plain(logic::exp),
        "The first number to the power of the second.",
    )
    .example("exp(2, 10)", "1024"),
    row(
        Group::Maths,
        "floor",
        &[NUMBER],
        Type::Number,
        Work::Plain(logic::floor),
        "The nearest whole number that isn't greater.",
    )
    .example("floor(3.7)", "3"),
    row(
        Group::Maths,
        "ceil",
        &[NUMBER],
        Type::Number,
        Work::Plain(logic::ceil),
        "The nearest whole number that isn't less.",
    )
    .example("ceil(3.2)", "4"),
    row(
        Group::Object,
        "get",
        &[OBJECT, required("path", Type::Text)],
        Type::Any,
        Work::Plain(data::get),
        "The value at a path such as 'list.0.name' or 'list[0].name'; nothing where there is none.",
    )
    .example("get(parseJSON('{\"tags\":[\"v1\"]}'), 'tags.0')", "\"v1\""),
    row(
        Group::Object,
        "stringifyJSON",
        &[required("value", Type::Any)],
        Type::Text,
        Work::Plain(data::stringify_json),
        "The value as JSON.",
    )
    .example("stringifyJSON(split('a,b', ','))", "\"[\\\"a\\\",\\\"b\\\"]\""),
    row(
        Group::Object,
        "parseJSON",
        &[TEXT],
        Type::Any,
        Work::Plain(data::parse_json),
        "The value that a text is the JSON of; an empty text where it is no JSON.",
    )
    .example("parseJSON('[1, 2]')", "[1,2]"),
    row(
        Group::Object,
        "entries",
        &[OBJECT],
        Type::List,
        Work::Plain(data::entries),
        "The members of an object, each as a list of its name and its value.",
    )
    .example("entries(parseJSON('{\"a\":1}'))", "[[\"a\",1]]"),
    row(
        Group::Object,
        "values",
        &[OBJECT],
        Type::List,
        Work::Plain(data::values),
        "The values of an object's members.",
    )
    .example("values(parseJSON('{\"a\":1}'))", "[1]"),
    row(
        Group::Object,
        "keys",
        &[OBJECT],
        Type::List,
        Work::Plain(data::keys),
        "The names of an object's members.",
    )
    .example("keys(parseJSON('{\"a\":1}'))", "[\"a\"]"),
    row(
        Group::List,
        "find",
        &[LIST, OWN],
        Type::Any,
        REFUSED,
        "The first element that a function of your own holds for. Kept, but not worked out here.",
    ),
    row(
        Group::List,
        "filter",
        &[LIST, OWN],
        Type::List,
        REFUSED,
        "The elements that a function of your own holds for. Kept, but not worked out here.",
    ),
    row(
        Group::List,
        "map",
        &[LIST, OWN],
        Type::List,
        REFUSED,
        "What a function of your own makes of each element. Kept, but not worked out here.",
    ),
    row(
        Group::List,
        "some",
        &[LIST, OWN],
        Type::Boolean,
        REFUSED,
        "Whether a function of your own holds for one element. Kept, but not worked out here.",
    ),
    row(
        Group::List,
        "every",
        &[LIST, OWN],
        Type::Boolean,
        REFUSED,
        "Whether a function of your own holds for all elements. Kept, but not worked out here.",
    ),
    row(
        Group::List,
        "concat",
        &[required("list", Type::Any), more("more", Type::Any)],
        Type::List,
        Work::Plain(data::concat),
        "One list of all the elements; what is no list is an element.",
    )
    .example("concat(split('a,b', ','), 'c')", "[\"a\",\"b\",\"c\"]"),
    row(
        Group::List,
        "arrSlice",
        &[LIST, required("start", Type::Number), optional("end", Type::Number, "the list's end")],
        Type::List,
        Work::Plain(data::arr_slice),
        "The elements from one index to before another; what is negative counts from the end.",
    )
    .example("arrSlice(split('a,b,c', ','), -2)", "[\"b\",\"c\"]"),
    row(
        Group::List,
        "arrLength",
        &[LIST],
        Type::Number,
        Work::Plain(data::arr_length),
        "How many elements a list has.",
    )
    .example("arrLength(split('a,b,c', ','))", "3"),
];
