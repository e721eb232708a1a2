/** The key `-forms`: what is emitted of a codec beside decode and encode. */
import { CODEC_FORMS, type CodecForm } from "../ir.js";
import type { Source } from "../source.js";

/** The value of `-forms`. */
export function formsOf(source: Source | undefined): readonly CodecForm[] {
  const forms = (source?.items() ?? []).map((item) => {
    const form = CODEC_FORMS.find((name) => name === item.text);
    return form ?? item.fail(`a form is one of ${CODEC_FORMS.join(", ")}`);
  });
  return [...new Set(forms)];
}
