DROP INDEX "registration_by_family_kana";--> statement-breakpoint
DROP INDEX "registration_by_family_kanji";--> statement-breakpoint
CREATE INDEX "registration_by_kana" ON "registration" USING btree ("region",("features" -> 'family' ->> 'kana') text_pattern_ops,("features" -> 'given' ->> 'kana') text_pattern_ops);--> statement-breakpoint
CREATE INDEX "registration_by_kanji" ON "registration" USING btree ("region",("features" -> 'family' ->> 'kanji') text_pattern_ops,("features" -> 'given' ->> 'kanji') text_pattern_ops);