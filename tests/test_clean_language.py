"""Languages, words, publishers."""

from pathlib import Path

import pytest

from benchmarks.quality.language import measure
from transforms.clean.language import detect_language
from transforms.clean.publisher import registrable_domain
from transforms.clean.text import clean_text
from transforms.clean.words import count_words

SENTENCES = Path(__file__).parent.parent.parent / "shared" / "data" / "langid"

LANGUAGES = {
    "en": "The council voted on Tuesday to reopen the old harbour railway before the summer.",
    "de": "Der Stadtrat hat am Dienstag beschlossen, die alte Hafenbahn vor dem Sommer wieder zu öffnen.",
    "fr": "Le conseil municipal a décidé mardi de rouvrir la vieille ligne du port avant l’été.",
    "es": "El ayuntamiento decidió el martes reabrir el viejo ferrocarril del puerto antes del verano.",
    "it": "Il consiglio comunale ha deciso martedì di riaprire la vecchia ferrovia del porto prima dell’estate.",
    "pt": "A câmara decidiu na terça-feira reabrir a velha ferrovia do porto antes do verão.",
    "nl": "De gemeenteraad besloot dinsdag om de oude havenspoorlijn vóór de zomer te heropenen.",
    "da": "Byrådet besluttede tirsdag at genåbne den gamle havnebane inden sommeren.",
    "no": "Bystyret vedtok tirsdag å gjenåpne den gamle havnebanen før sommeren, sier ordføreren.",
    "sv": "Kommunfullmäktige beslutade på tisdagen att öppna den gamla hamnbanan igen före sommaren.",
    "fi": "Kaupunginvaltuusto päätti tiistaina avata vanhan satamaradan uudelleen ennen kesää.",
    "et": "Linnavolikogu otsustas teisipäeval vana sadamaraudtee enne suve taas avada.",
    "lv": "Pilsētas dome otrdien nolēma pirms vasaras atkal atvērt veco ostas dzelzceļu.",
    "lt": "Miesto taryba antradienį nusprendė iki vasaros vėl atidaryti senąjį uosto geležinkelį.",
    "pl": "Rada miasta zdecydowała we wtorek o ponownym otwarciu starej kolei portowej przed latem.",
    "cs": "Zastupitelstvo města v úterý rozhodlo, že se stará přístavní železnice před létem znovu otevře.",
    "sk": "Mestské zastupiteľstvo v utorok rozhodlo, že starú prístavnú železnicu pred letom znovu otvorí.",
    "sl": "Mestni svet se je v torek odločil, da bo staro pristaniško železnico znova odprl pred poletjem.",
    "hr": "Gradsko vijeće odlučilo je u utorak da će prije ljeta ponovno otvoriti staru lučku željeznicu.",
    "hu": "A városi tanács kedden úgy döntött, hogy a nyár előtt újra megnyitja a régi kikötői vasutat.",
    "ro": "Consiliul local a hotărât marți să redeschidă vechea cale ferată a portului înainte de vară.",
    "ca": "L’ajuntament va decidir dimarts reobrir el vell ferrocarril del port abans de l’estiu.",
    "tr": "Belediye meclisi salı günü eski liman demiryolunu yaz gelmeden yeniden açmaya karar verdi.",
    "vi": "Hội đồng thành phố hôm thứ Ba quyết định mở lại tuyến đường sắt cảng cũ trước mùa hè.",
    "id": "Dewan kota pada hari Selasa memutuskan untuk membuka kembali jalur kereta pelabuhan lama karena sudah siap.",
    "ms": "Majlis bandaraya pada hari Selasa memutuskan membuka semula landasan kereta api lama kerana sudah siap.",
    "sw": "Baraza la mji liliamua Jumanne kufungua tena reli ya zamani ya bandari kabla ya majira ya joto.",
    "el": "Το δημοτικό συμβούλιο αποφάσισε την Τρίτη να ανοίξει ξανά την παλιά γραμμή του λιμανιού.",
    "ru": "Городской совет решил во вторник вновь открыть старую портовую железную дорогу. Работы начнутся в мае.",
    "uk": "Міська рада вирішила у вівторок знову відкрити стару портову залізницю до літа.",
    "bg": "Градският съвет реши във вторник да отвори отново старата пристанищна железница преди лятото.",
    "sr": "Градско веће је у уторак одлучило да пре лета поново отвори стару лучку железницу.",
    "he": "מועצת העיר החליטה ביום שלישי לפתוח מחדש את מסילת הנמל הישנה לפני הקיץ.",
    "ar": "قرر مجلس المدينة يوم الثلاثاء إعادة فتح سكة حديد الميناء القديمة قبل الصيف.",
    "fa": "شورای شهر روز سه‌شنبه تصمیم گرفت راه‌آهن قدیمی بندر را پیش از تابستان بازگشایی کند.",
    "ur": "شہر کی کونسل نے منگل کو فیصلہ کیا کہ بندرگاہ کی پرانی ریلوے گرمیوں سے پہلے دوبارہ کھولی جائے گی۔",
    "hi": "नगर परिषद ने मंगलवार को गर्मियों से पहले पुराने बंदरगाह की रेल लाइन फिर से खोलने का फैसला किया।",
    "ta": "கோடைக்காலத்திற்கு முன் பழைய துறைமுக ரயில் பாதையை மீண்டும் திறக்க நகர சபை செவ்வாய்க்கிழமை முடிவு செய்தது.",
    "th": "สภาเมืองมีมติเมื่อวันอังคารให้เปิดทางรถไฟท่าเรือเก่าอีกครั้งก่อนฤดูร้อน",
    "ko": "시의회는 화요일에 여름이 오기 전에 옛 항구 철도를 다시 열기로 결정했다.",
    "zh": "市议会星期二决定在夏天之前重新开放旧港口铁路。",
    "ja": "市議会は火曜日、夏までに古い港の鉄道を再開することを決めた。",
}
SHORT = {"Ny bro over havnen": "da", "Nieuwe brug": "nl", "Новый мост": "ru", "Il porto vecchio": "it"}
# Which one detector takes for a neighbour: Norwegian, Afrikaans.
SHORT |= {"Broen lukkes for tung trafik i morgen": "da", "Veerboot na storm weer in de vaart": "nl"}
NO_LANGUAGE = [
    "",
    "42",
    "OK",
    "Lorem xqz",
    "22.03.2025 10:15",
    "https://example.org/a?b=1",
    "IMG_2034.jpg",
    "Jo Roe",
    "3-1 (2-0)",
]
CLOSE_CALL = "Ponte nova no porto"
DOMAINS = {
    "https://www.example.co.uk/a": "example.co.uk",
    "https://example.org:8080/": "example.org",
    "https://name.blogspot.com/2025/": "name.blogspot.com",
    "http://xn--bcher-kva.example.de/": "example.de",
    "http://192.0.2.7/a": "",
    "http://[2001:db8::1]/a": "",
    "http://localhost/": "",
    "https://co.uk/": "",
    "": "",
}


@pytest.mark.parametrize(("code", "text"), LANGUAGES.items(), ids=LANGUAGES)
def test_languages_are_told(code: str, text: str) -> None:
    language, score = detect_language(text)
    assert language == code
    assert 0.5 < score <= 1


@pytest.mark.parametrize("text", NO_LANGUAGE, ids=lambda text: text[:20] or "empty")
def test_what_is_in_no_language_is_undetermined(text: str) -> None:
    assert detect_language(text) == ("und", 0.0)


@pytest.mark.parametrize(("text", "language"), SHORT.items())
def test_short_texts_are_told(text: str, language: str) -> None:
    assert detect_language(text)[0] == language


def test_a_declared_language_decides_a_close_call() -> None:
    assert detect_language(CLOSE_CALL) == ("und", 0.0)
    assert detect_language(CLOSE_CALL, "pt-BR")[0] == "pt"
    assert detect_language(CLOSE_CALL, "de") == ("und", 0.0)


@pytest.mark.parametrize("declared", ["fr", "fr-FR", "en", "xx", "english", "zz_ZZ", "und", "\x00"])
def test_a_declared_language_never_overrules_the_text(declared: str) -> None:
    assert detect_language(LANGUAGES["de"], declared)[0] == "de"


def test_any_clean_text_is_accepted() -> None:
    for start in range(0, 0x110000, 0x400):
        detect_language(clean_text("hello " + "".join(map(chr, range(start, start + 0x400)))))


@pytest.mark.skipif(not SENTENCES.is_dir(), reason="the sentences in twenty languages are not here")
@pytest.mark.parametrize(("length", "hinted", "least"), [(40, False, 0.94), (40, True, 0.97), (1000, False, 0.98)])
def test_accuracy(length: int, hinted: bool, least: float) -> None:
    tallies = [measure(path, length, hinted) for path in sorted(SENTENCES.glob("??.txt"))]
    assert sum(tally.right for tally in tallies) / sum(tally.texts for tally in tallies) >= least


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("", "und", 0),
        ("one", "en", 1),
        ("one two\nthree\n\nfour", "en", 4),
        ("港口鉄道 opens 2025", "ja", 6),
        ("旧港口", "zh", 3),
    ],
)
def test_words_are_counted(text: str, language: str, words: int) -> None:
    assert count_words(text, language) == words


@pytest.mark.parametrize(("url", "domain"), DOMAINS.items())
def test_publishers_are_registrable_domains(url: str, domain: str) -> None:
    assert registrable_domain(url) == domain
