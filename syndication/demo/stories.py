"""All sample stories, partner by partner: our own inventions, on an invented coast, about nobody there is."""

from syndication.demo.story import Story
from syndication.demo.texts.coast_courier import STORIES as COAST_COURIER
from syndication.demo.texts.harbour_daily import STORIES as HARBOUR_DAILY
from syndication.demo.texts.hill_post import STORIES as HILL_POST
from syndication.demo.texts.valley_letter import STORIES as VALLEY_LETTER

STORIES: tuple[Story, ...] = (*HARBOUR_DAILY, *HILL_POST, *VALLEY_LETTER, *COAST_COURIER)
