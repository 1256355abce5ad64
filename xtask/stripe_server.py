"""Starts localstripe as the stack's Stripe, and mends what it lacks of what the portal uses. docs/stripe.md says what is mended and what is not.

Everything comes from the environment:
  STRIPE_PORT             the port on 127.0.0.1
  STRIPE_API_KEY          the one key that is taken
  STRIPE_WEBHOOK_URL      where events are delivered to
  STRIPE_WEBHOOK_SECRET   what they are signed with
  STRIPE_STATE            the file that keeps everything over a restart; without it nothing is kept
"""

import hashlib
import logging
import os
import pickle

from aiohttp import web

from localstripe import resources, server
from localstripe.errors import UserError
from localstripe.resources import BalanceTransaction, Charge, Event, List, PaymentIntent, Refund, store
from localstripe.webhooks import register_webhook, schedule_webhook

STATE = os.environ.get("STRIPE_STATE")


# What is kept goes to the stack's own folder: localstripe's is one file for the whole machine, written at every change.

def load():
    if STATE and os.path.exists(STATE):
        with open(STATE, "rb") as file:
            store.update(pickle.load(file))


def save(self=None):
    if STATE:
        with open(STATE + ".new", "wb") as file:
            pickle.dump(store, file, protocol=pickle.HIGHEST_PROTOCOL)
        os.replace(STATE + ".new", STATE)


resources.Store.dump_to_disk = save
resources.Store.__setitem__ = dict.__setitem__
resources.Store.__delitem__ = dict.__delitem__


# Only the one key counts.

def api_key(request):
    given = request.headers.get("Authorization", "")
    return given if given == "Bearer " + os.environ["STRIPE_API_KEY"] else None


server.get_api_key = api_key


# Idempotency keys (https://docs.stripe.com/api/idempotent_requests): localstripe takes no notice of them.

answers = {}
under_way = set()


def idempotency_error(status, code, message):
    error = {"type": "idempotency_error", "code": code, "message": message}
    return web.json_response({"error": error}, status=status)


@web.middleware
async def once(request, handler):
    key = request.headers.get("Idempotency-Key")
    if request.method != "POST" or not key or api_key(request) is None:
        return await handler(request)
    asked = hashlib.sha256(request.path.encode() + b"\n" + await request.read()).digest()
    if key in answers:
        before, status, body = answers[key]
        if before != asked:
            return idempotency_error(400, "idempotency_key_reused", "This key was used for another request.")
        headers = {"Idempotent-Replayed": "true"}
        return web.Response(status=status, body=body, content_type="application/json", headers=headers)
    if key in under_way:
        return idempotency_error(409, "idempotency_key_in_use", "A request with this key is under way.")
    under_way.add(key)
    try:
        response = await handler(request)
    finally:
        under_way.discard(key)
    # What was refused before anything was done can be asked again.
    if response.status < 400 or response.status == 402:
        answers[key] = (asked, response.status, response.body)
    return response


server.app.middlewares.insert(0, once)


# Lists, the newest first, by time of creation.

def newest_first(cls, url, keep, created=None, limit=None, starting_after=None):
    bounds = {name: int(value) for name, value in (created or {}).items()}
    if not bounds.keys() <= {"gt", "gte", "lt", "lte"}:
        raise UserError(400, "Unknown bound of created")

    def fits(thing):
        return (bounds.get("gte", 0) <= thing.created and bounds.get("gt", -1) < thing.created
                and thing.created < bounds.get("lt", 1 << 40) and thing.created <= bounds.get("lte", 1 << 40))

    found = List(url, limit=limit, starting_after=starting_after)
    found._list = [thing for thing in reversed(list(store.values()))
                   if type(thing) is cls and keep(thing) and fits(thing)]
    return found


def list_payment_intents(cls, url, customer=None, **page):
    return newest_first(cls, url, lambda intent: customer in (None, intent.customer), **page)


def list_refunds(cls, url, charge=None, payment_intent=None, **page):
    def keep(refund):
        intent = Charge._api_retrieve(refund.charge).payment_intent
        return charge in (None, refund.charge) and payment_intent in (None, intent)

    return newest_first(cls, url, keep, **page)


PaymentIntent._api_list_all = classmethod(list_payment_intents)
Refund._api_list_all = classmethod(list_refunds)


# PaymentIntents: what they have received, words about them, another try after one that failed, and the events around them.

PaymentIntent.amount_received = property(lambda intent: intent.amount if intent.status == "succeeded" else 0)

make_intent = PaymentIntent.__init__
create_intent = PaymentIntent._api_create.__func__
confirm_intent = PaymentIntent._api_confirm.__func__
cancel_intent = PaymentIntent._api_cancel.__func__


def init_intent(self, description=None, receipt_email=None, **data):
    make_intent(self, **data)
    self.description = description
    self.receipt_email = receipt_email
    schedule_webhook(Event("payment_intent.created", self))


def confirm(cls, id, payment_method=None, **data):
    intent = cls._api_retrieve(id)
    if payment_method is not None and intent.status == "requires_payment_method":
        intent.payment_method = payment_method
        intent.latest_charge = None
    return confirm_intent(cls, id, **data)


def cancel(cls, id, cancellation_reason=None, **data):
    intent = cancel_intent(cls, id, **data)
    intent.cancellation_reason = cancellation_reason
    schedule_webhook(Event("payment_intent.canceled", intent))
    return intent


PaymentIntent.__init__ = init_intent
PaymentIntent._api_confirm = classmethod(confirm)
PaymentIntent._api_cancel = classmethod(cancel)


# Refunds: never more than is left, and the event about them.

make_refund = Refund.__init__


def init_refund(self, charge=None, payment_intent=None, amount=None, reason=None, **data):
    intent = PaymentIntent._api_retrieve(payment_intent) if payment_intent else None
    if intent is not None and intent.status != "succeeded":
        raise UserError(400, "This PaymentIntent has taken nothing.", {"code": "payment_intent_unexpected_state"})
    paid = intent.latest_charge if intent is not None else Charge._api_retrieve(charge)
    left = paid.amount - paid.amount_refunded
    if left == 0:
        raise UserError(400, "This charge has been refunded.", {"code": "charge_already_refunded"})
    if amount is not None and int(amount) > left:
        raise UserError(400, "Only %d are left of this charge." % left, {"param": "amount"})
    make_refund(self, charge=charge, payment_intent=payment_intent, amount=amount or left, **data)
    self.payment_intent = paid.payment_intent
    self.reason = reason
    schedule_webhook(Event("charge.refunded", paid))


def refunded_amount(charge):
    return sum(refund.amount for refund in charge.refunds._list if refund.status != "failed")


async def fail_refund(request):
    """A refund that was made, and does not reach who has paid: what the card pm_card_refundFail does at Stripe, but with no event about it."""
    refund = Refund._api_retrieve(request.match_info["id"])
    refund.status = "failed"
    save()
    return web.json_response(refund._export())


Refund.__init__ = init_refund
Charge.amount_refunded = property(refunded_amount)
server.app.router.add_post("/_config/refunds/{id}/fail", fail_refund)


# Fees as a card in the United States costs: 2.9 % and 30 cents (https://stripe.com/pricing).

make_transaction = BalanceTransaction.__init__


def init_transaction(self, **data):
    make_transaction(self, **data)
    if self.type == "charge":
        self.fee = (self.amount * 29 + 500) // 1000 + 30


BalanceTransaction.__init__ = init_transaction


# The routes of localstripe hold the functions that they were made with.

def replace_routes():
    replaced = {"/v1/payment_intents/{id}/confirm": PaymentIntent._api_confirm,
                "/v1/payment_intents/{id}/cancel": PaymentIntent._api_cancel}
    for route in server.app.router.routes():
        path = route.resource.canonical if route.resource else None
        if path in replaced and route.method == "POST":
            route._handler = server.api_extra(replaced[path], path)


def main():
    replace_routes()
    load()
    register_webhook("portal", os.environ["STRIPE_WEBHOOK_URL"], os.environ["STRIPE_WEBHOOK_SECRET"], None)
    logger = logging.getLogger("aiohttp.access")
    logger.setLevel(logging.INFO)
    logger.addHandler(logging.StreamHandler())
    web.run_app(server.app, host="127.0.0.1", port=int(os.environ["STRIPE_PORT"]), access_log=logger, print=None)


if __name__ == "__main__":
    main()
