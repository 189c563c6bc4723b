/**
 * What visitors are told, in the languages of the element, for sites whose WordPress has no translation of this plugin: without
 * them, English words would stand among those of the page. By the code of the answer.
 */
const WORDS = {
  voice_agent_too_many: {
    ar: 'محادثات كثيرة جدًا. يرجى الانتظار دقيقة.',
    de: 'Zu viele Gespräche. Bitte eine Minute warten.',
    es: 'Demasiadas conversaciones. Espere un minuto.',
    fr: 'Trop de conversations. Veuillez patienter une minute.',
    he: 'יותר מדי שיחות. נא להמתין דקה.',
    hi: 'बहुत सारी बातचीत। कृपया एक मिनट रुकें।',
    it: 'Troppe conversazioni. Attendere un minuto.',
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
    de: 'Hier darf kein Gespräch begonnen werden.',
    es: 'Aquí no puede iniciar una conversación.',
    fr: 'Vous ne pouvez pas commencer de conversation ici.',
    he: 'אין אפשרות להתחיל כאן שיחה.',
    hi: 'आप यहाँ बातचीत शुरू नहीं कर सकते।',
    it: 'Qui non è possibile iniziare una conversazione.',
    ja: 'ここでは会話を開始できません。',
    ko: '여기서는 대화를 시작할 수 없습니다.',
    nl: 'Hier kunt u geen gesprek beginnen.',
    pt: 'Não é possível iniciar uma conversa aqui.',
    zh: '您不能在此开始对话。',
  },
};

/** As the plugin's PHP has them, untranslated. */
const ENGLISH = {
  voice_agent_too_many: 'Too many conversations. Please wait a minute.',
  voice_agent_no_token: 'The conversation cannot be started right now.',
  voice_agent_forbidden: 'You may not start a conversation here.',
};

/**
 * @param {Element} element whose language it is
 * @param {string} code
 * @param {string} message as the site has said it
 * @returns {string} the message, in the element's language where the site had only English
 */
export function inItsLanguage(element, code, message) {
  const language = element.closest('[lang]')?.lang.split('-')[0].toLowerCase();
  return (message === ENGLISH[code] && WORDS[code]?.[language]) || message;
}
