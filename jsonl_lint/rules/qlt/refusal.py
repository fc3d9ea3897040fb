"""The assistant refuses, or speaks of itself as a language model.

## What it does
Flags an assistant's text that begins with a refusal ("I'm sorry, but I can't help with that") or says that it is an AI or a
language model, in English, German, French, Spanish, Italian, Portuguese, Dutch, Russian, Chinese and Japanese.

## Why
Data that was written by another model often holds its refusals. The trained model learns to refuse the same things, also
those that it should do.

## How to repair
Remove the example or write the answer, unless the refusal is what the model is to learn; then ignore this rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from jsonl_lint.rule import Case, Problem, Text, rule
from jsonl_lint.targets import Facts

QUESTION = {"role": "user", "content": "Tell me about the weather."}
START = 160

# Where a text must begin with it: the assistant speaks for itself, and does not quote.
OPENINGS = (
    (
        r"(?:i['’]?m (?:really |very |so )?sorry|i apologi[sz]e|sorry|unfortunately|apologies)[,.!;:]?(?: but| however,?)? "
        r"(?:i can(?:['’]t|not)|i(?: am|['’]m) unable to)"
        r" (?:help|assist|provide|fulfil|comply|do that|answer|create|generate|write|engage"
        r"|support|discuss|participate|continue)"
    ),
    r"i (?:can(?:['’]t|not)|am unable to) (?:help|assist)(?: you)? with (?:that|this|your request)",
    r"i(?:['’]m| am) unable to (?:help|assist|fulfil|comply|provide (?:that|this|information|assistance))",
    r"i can(?:['’]t|not) (?:fulfil|comply with|provide (?:that|this kind|information (?:or guidance )?on))",
    r"es tut mir (?:sehr )?leid, (?:aber )?(?:ich kann|dabei kann ich|das kann ich)\b[^.]{0,80}\bnicht\b",
    r"(?:tut mir leid|leider), (?:aber )?(?:dabei kann ich|ich kann dir dabei|ich kann ihnen dabei)[^.]{0,40} nicht helfen",
    (
        r"(?:je suis|je m['’]excuse,?|désolée?,?|je suis désolée?,?)[^.]{0,20} (?:mais )?je ne (?:peux|suis) pas"
        r" (?:vous |t['’])?"
        r"(?:aider|en mesure|fournir|répondre|capable)"
    ),
    r"lo siento,? (?:pero )?no puedo (?:ayudar|proporcionar|cumplir|responder|asistir|generar)",
    r"mi dispiace,? (?:ma )?non posso (?:aiutar|fornir|risponder|assister|soddisfar)",
    r"(?:desculpe|lamento|sinto muito),? (?:mas )?não (?:posso|consigo) (?:ajudar|fornecer|atender|responder|auxiliar)",
    r"(?:het )?spijt me,? (?:maar )?(?:ik kan|daar kan ik)[^.]{0,40} niet (?:helpen|mee helpen|geven|voldoen)",
    r"(?:извините|к сожалению|простите),? (?:но )?я не могу (?:помочь|предоставить|выполнить|ответить)",
    r"(?:抱歉|对不起|很抱歉)[,，]?(?:但)?我(?:无法|不能)(?:帮助|协助|提供|满足|回答|完成)",
    r"(?:申し訳(?:ありません|ございません)|すみません)が[、,]?(?:その|この|ご|お).{0,24}(?:できません|できかねます|いたしかねます)",
)

# Anywhere in a text: the assistant says what it is. Before each pattern stands what must occur in the text in lower case,
# which is found sooner.
SELF = (
    (
        r"\ban? (?:ai|artificial|language|large language)",
        (
            r"\bas an? (?:ai|artificial intelligence|large language|language)(?:[ -](?:language|text))?"
            r"(?: (?:model|assistant|chatbot))?(?: (?:developed|created|trained|made) by [\w ]{2,20})?,? (?:i|my)\b"
            r"|\bi(?:['’]m| am) (?:just |only |merely )?an? (?:ai|artificial intelligence|large language|language)"
            r"(?: language)? (?:model|assistant|chatbot)\b"
        ),
    ),
    (
        r"\bki|künstliche intelligenz|sprachmodell",
        (
            r"\bals (?:eine )?(?:ki|künstliche intelligenz|ki-modell|(?:großes )?sprachmodell)\b,? (?:kann|habe|bin|darf) ich\b"
            r"|\bich bin (?:nur )?(?:eine ki|ein ki-|ein (?:großes )?sprachmodell|eine künstliche intelligenz)"
        ),
    ),
    (
        r"\bia\b|intelligence artificielle|modèle de langage",
        (
            r"\ben tant qu(?:['’]|e )(?:ia|intelligence artificielle|modèle de langage|assistant ia)\b"
            r"|\bje suis (?:seulement |juste )?(?:une ia|un modèle de langage|une intelligence artificielle)\b"
        ),
    ),
    (
        r"\bia\b|modelo de lenguaje|inteligencia artificial",
        (
            r"\bcomo (?:un )?(?:ia|modelo de lenguaje|inteligencia artificial|asistente de ia)\b,? (?:no|yo|mi)\b"
            r"|\bsoy (?:solo )?(?:una? )?(?:ia|modelo de lenguaje|inteligencia artificial)\b"
        ),
    ),
    (
        r"\bia\b|modello linguistico|intelligenza artificiale|modello di linguaggio",
        r"\b(?:in quanto|come) (?:ia|modello linguistico|intelligenza artificiale|modello di linguaggio)\b,? (?:non|io)\b",
    ),
    (
        r"\bia\b|modelo de linguagem|inteligência artificial",
        r"\bcomo (?:um )?(?:modelo de linguagem|ia|inteligência artificial)\b,? (?:não|eu)\b",
    ),
    (r"\bai\b|taalmodel", r"\bals (?:ai|ai-taalmodel|taalmodel)\b,? (?:kan|heb|ben) ik\b"),
    ("языковая|искусственный|как ии", r"как (?:языковая модель|искусственный интеллект|ии),? (?:у меня|я)\b"),
    (
        "作为|我是|我只是",
        (
            r"作为(?:一个|一名|一款)?(?:人工智能|AI|ai|大型?语言模型|语言模型)(?:助手|模型|语言模型)?[,，]?我"
            r"|我(?:只)?是(?:一个|一款)?(?:人工智能|AI|ai|大?语言模型)(?:助手|模型|语言模型)?"
        ),
    ),
    (
        "なので|として|であるため|ですので",
        r"(?:私は|わたしは)?(?:AI|ai|人工知能|大規模言語モデル|言語モデル)(?:アシスタント|言語モデル|モデル)?(?:なので|として|であるため|ですので)",
    ),
)


@lru_cache(maxsize=1)
def openings() -> re.Pattern[str]:
    """What a refusal begins with."""
    return re.compile(r"[\s\"'“*]*(?:" + "|".join(OPENINGS) + ")", re.IGNORECASE)


@lru_cache(maxsize=1)
def confessions() -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    """What an assistant says that speaks of itself as a model, by languages: what must occur, and the whole."""
    return tuple((re.compile(words), re.compile(said, re.IGNORECASE)) for words, said in SELF)


def confession(text: str) -> re.Match[str] | None:
    """Where an assistant says first that it is a model."""
    lower = text.lower()
    found = [said.search(text) for words, said in confessions() if words.search(lower)]
    return min((match for match in found if match is not None), key=lambda match: match.start(), default=None)


@rule(
    "QLT002",
    at=Text,
    severity="info",
    repair="remove the example or write the answer, unless the model is to learn to refuse",
    triggers=[
        "I can't",
        "I can’t",
        "I cannot",
        "nable to",
        "anguage model",
        "Language Model",
        " AI",
        "je ne",
        "Je ne",
        "no puedo",
        "non posso",
        "ich kann",
        "kann ich",
        "Ich kann",
        "nicht helfen",
        "spijt me",
        "aalmodel",
        "prachmodell",
        "lenguaje",
        "linguagem",
        "langage",
        "odello ",
        " IA",
        "'IA",
        "’IA",
        " KI",
        "nstliche Int",
        "ntelligence artif",
        "nteligencia artif",
        "nteligência artif",
        "ntelligenza artif",
        "não ",
        "я не могу",
        "языковая модель",
        "искусственный",
        "ак ИИ",
        "我无法",
        "我不能",
        "人工智能",
        "语言模型",
        "作为",
        "我是",
        "我只是",
        "できません",
        "できかねます",
        "いたしかねます",
        "人工知能",
        "言語モデル",
        "AIな",
        "AIと",
        "AIア",
        "AIで",
        "AI言",
        "je suis une",
        "soy una",
        "artificial intell",
    ],
    bad=[
        Case(
            {"messages": [QUESTION, {"role": "assistant", "content": "I'm sorry, but I can't assist with that."}]},
            at="/messages/1/content",
        ),
        Case(
            {"messages": [QUESTION, {"role": "assistant", "content": "As an AI language model, I have no window."}]},
            at="/messages/1/content",
        ),
    ],
    good=[
        Case({"messages": [QUESTION, {"role": "assistant", "content": "I'm sorry to hear that it rains."}]}),
        Case(
            {
                "messages": [
                    {"role": "user", "content": "As an AI, I doubt it."},
                    {"role": "assistant", "content": "Ha!"},
                ]
            }
        ),
    ],
)
def refusal(text: Text, facts: Facts) -> Iterator[Problem]:
    if text.role != "assistant" or text.is_arguments:
        return
    match = openings().match(text.text, 0, START) or confession(text.text)
    if match is not None:
        what = "refuses" if match.re is openings() else "speaks of itself as a language model"
        yield Problem(f"the assistant {what}", plain=f"the assistant {what}", text_range=match.span())
