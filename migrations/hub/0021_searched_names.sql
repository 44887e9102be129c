-- A registration's features are written and read whole. As jsonb each was taken apart and put together again, and the
-- indexes of names took it apart once more: a quarter of what loading a registration takes PostgreSQL.
DROP INDEX "registration_by_kana";--> statement-breakpoint
DROP INDEX "registration_by_kanji";--> statement-breakpoint
ALTER TABLE "registration" ALTER COLUMN "features" SET DATA TYPE json;--> statement-breakpoint
ALTER TABLE "registration" ADD COLUMN "family_kana" text;--> statement-breakpoint
ALTER TABLE "registration" ADD COLUMN "given_kana" text;--> statement-breakpoint
ALTER TABLE "registration" ADD COLUMN "family_kanji" text;--> statement-breakpoint
ALTER TABLE "registration" ADD COLUMN "given_kanji" text;--> statement-breakpoint
UPDATE "registration" SET
  "family_kana" = "features" -> 'family' ->> 'kana', "given_kana" = "features" -> 'given' ->> 'kana',
  "family_kanji" = "features" -> 'family' ->> 'kanji', "given_kanji" = "features" -> 'given' ->> 'kanji';--> statement-breakpoint
CREATE INDEX "registration_by_kana" ON "registration" USING btree ("region","family_kana" text_pattern_ops,"given_kana" text_pattern_ops);--> statement-breakpoint
CREATE INDEX "registration_by_kanji" ON "registration" USING btree ("region","family_kanji" text_pattern_ops,"given_kanji" text_pattern_ops);--> statement-breakpoint
COMMENT ON COLUMN "registration"."family_kana" IS 'Folded, of the features, for searching; so are the three after it.';
