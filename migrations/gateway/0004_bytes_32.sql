-- Of 32 bytes in base64url the last character carries four bits: without this one value would have four spellings.
ALTER TABLE "pin" DROP CONSTRAINT "pin_thumbprint";--> statement-breakpoint
ALTER TABLE "promise_held" DROP CONSTRAINT "promise_held_leaf";--> statement-breakpoint
ALTER TABLE "pin" ADD CONSTRAINT "pin_thumbprint" CHECK ("pin"."thumbprint" ~ '^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$');--> statement-breakpoint
-- Not checked for what is held already: however a hub wrote its promise, it is evidence and stays.
ALTER TABLE "promise_held" ADD CONSTRAINT "promise_held_leaf" CHECK ("promise_held"."leaf" ~ '^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$') NOT VALID;
