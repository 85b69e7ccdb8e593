"""The only door of the feedback engine."""

from cuaso.services.feedback.logic.answer_complaint import answer_complaint
from cuaso.services.feedback.logic.ask_rating import ask_rating
from cuaso.services.feedback.logic.complain import acts_of, complain
from cuaso.services.feedback.logic.look import complaint, complaints_about, complaints_to_answer
from cuaso.services.feedback.logic.own import forget_remarks, own_feedback
from cuaso.services.feedback.logic.rate import rate, rate_by_link
from cuaso.services.feedback.logic.ratings import rating, rating_by_link
from cuaso.services.feedback.logic.summarise import summary

__all__ = [
    "acts_of",
    "answer_complaint",
    "ask_rating",
    "complain",
    "complaint",
    "complaints_about",
    "complaints_to_answer",
    "forget_remarks",
    "own_feedback",
    "rate",
    "rate_by_link",
    "rating",
    "rating_by_link",
    "summary",
]
