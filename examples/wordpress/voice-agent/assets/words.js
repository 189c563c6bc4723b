/**
 * Messages for visitors in the element's languages, by the error code, for sites whose WordPress has no translation of
 * this plugin. Otherwise they would be in English, unlike the rest of the element.
 */
const WORDS = {
  voice_agent_too_many: {
    ar: 'محادثات كثيرة جدًا. يرجى الانتظار دقيقة.',
    de: 'Zu viele Gespräche. Bitte eine Minute warten.',
    es: 'Demasiadas conversaciones. Espera un minuto.',
    fr: 'Trop de conversations. Veuillez patienter une minute.',
    he: 'יותר מדי שיחות. נא להמתין דקה.',
    hi: 'बहुत सारी बातचीत। कृपया एक मिनट रुकें।',
    it: 'Troppe conversazioni. Attendi un minuto.',
    ja: '会話が多すぎます。1分ほどお待ちください。',
    ko: '대화가 너무 많습니다. 1분 후에 다시 시도해 주세요.',
    nl: 'Te veel gesprekken. Wacht een minuut.',
    pt: 'Conversas demais. Aguarde um minuto.',
    zh: '对话过多，请稍等一分钟。',
  },
  voice_agent_no_token: {
    ar: 'لا يمكن بدء المحادثة الآن.',
    de: 'Das Gespräch kann gerade nicht begonnen werden.',
    es: 'La conversación no se puede iniciar en este momento.',
    fr: 'La conversation ne peut pas commencer pour le moment.',
    he: 'לא ניתן להתחיל את השיחה כרגע.',
    hi: 'बातचीत अभी शुरू नहीं हो सकती।',
    it: 'Al momento non è possibile iniziare la conversazione.',
    ja: '現在、会話を開始できません。',
    ko: '지금은 대화를 시작할 수 없습니다.',
    nl: 'Het gesprek kan nu niet worden gestart.',
    pt: 'A conversa não pode ser iniciada agora.',
    zh: '目前无法开始对话。',
  },
  voice_agent_forbidden: {
    ar: 'لا يمكنك بدء محادثة هنا.',
    de: 'Hier können Sie kein Gespräch beginnen.',
    es: 'Aquí no puedes iniciar una conversación.',
    fr: 'Vous ne pouvez pas commencer de conversation ici.',
    he: 'אינכם יכולים להתחיל כאן שיחה.',
    hi: 'आप यहाँ बातचीत शुरू नहीं कर सकते।',
    it: 'Qui non puoi iniziare una conversazione.',
    ja: 'ここでは会話を開始できません。',
    ko: '여기서는 대화를 시작할 수 없습니다.',
    nl: 'Hier kunt u geen gesprek beginnen.',
    pt: 'Você não pode iniciar uma conversa aqui.',
    zh: '您不能在此开始对话。',
  },
};

/** The untranslated messages, as in the plugin's PHP. */
const ENGLISH = {
  voice_agent_too_many: 'Too many conversations. Please wait a minute.',
  voice_agent_no_token: 'The conversation cannot be started right now.',
  voice_agent_forbidden: 'You cannot start a conversation here.',
};

/**
 * @param {Element} element determines the language
 * @param {string} code
 * @param {string} message the site's message
 * @returns {string} the message, in the element's language if the site's is the untranslated English
 */
export function inItsLanguage(element, code, message) {
  const language = element.closest('[lang]')?.lang.split('-')[0].toLowerCase();
  return (message === ENGLISH[code] && WORDS[code]?.[language]) || message;
}
